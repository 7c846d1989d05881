package dev.segno.camel.yaml;

import java.util.regex.Pattern;

/**
 * A scalar: its text as Camel sees it, and what YAML 1.2's core schema takes it for.
 *
 * @param text the value after YAML's own unquoting and folding
 */
public record YamlScalar(String text, Kind kind, int line, int column, NodePath path) implements YamlNode {

    /** The types of YAML 1.2's core schema. */
    public enum Kind {
        STRING,
        INTEGER,
        DECIMAL,
        BOOLEAN,
        NULL
    }

    /** Longer digits than this are taken for text: no option wants them, and parsing them takes quadratic time. */
    private static final int LONGEST_NUMBER = 64;

    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+");
    private static final Pattern DECIMAL = Pattern.compile(
            "[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
    private static final Pattern BOOLEAN = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern NULL = Pattern.compile("null|Null|NULL|~|");

    /** The kind of an unquoted, untagged scalar. */
    static Kind kindOf(String plainText) {
        if (NULL.matcher(plainText).matches()) {
            return Kind.NULL;
        }
        if (BOOLEAN.matcher(plainText).matches()) {
            return Kind.BOOLEAN;
        }
        if (plainText.length() > LONGEST_NUMBER) {
            return Kind.STRING;
        }
        if (INTEGER.matcher(plainText).matches()) {
            return Kind.INTEGER;
        }
        return DECIMAL.matcher(plainText).matches() ? Kind.DECIMAL : Kind.STRING;
    }
}
