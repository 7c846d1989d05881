package dev.segno.camel.yaml;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A tree as canonical JSON: keys sorted by their UTF-16 code units, no white space, every scalar with the text that
 * Camel sees. Numbers keep their digits ({@code 1.10} is not {@code 1.1}: in a URI they differ); scalars that JSON
 * has no literal for ({@code 0x1F}, {@code ~}) become texts, for Camel reads them so. Ordered lists keep their order.
 */
final class CanonicalForm {

    private static final Pattern JSON_NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

    private CanonicalForm() {}

    static String of(YamlNode node) {
        StringBuilder text = new StringBuilder();
        write(node, text);
        return text.toString();
    }

    private static void write(YamlNode node, StringBuilder text) {
        if (node instanceof YamlMapping mapping) {
            char separator = '{';
            for (Map.Entry<String, YamlMapping.Entry> entry : new TreeMap<>(mapping.entries()).entrySet()) {
                text.append(separator);
                quote(entry.getKey(), text);
                text.append(':');
                write(entry.getValue().value(), text);
                separator = ',';
            }
            text.append(mapping.entries().isEmpty() ? "{}" : "}");
        } else if (node instanceof YamlSequence sequence) {
            text.append('[');
            for (int i = 0; i < sequence.items().size(); i++) {
                if (i > 0) {
                    text.append(',');
                }
                write(sequence.items().get(i), text);
            }
            text.append(']');
        } else {
            scalar((YamlScalar) node, text);
        }
    }

    private static void scalar(YamlScalar scalar, StringBuilder text) {
        boolean literal = switch (scalar.kind()) {
            case INTEGER, DECIMAL -> JSON_NUMBER.matcher(scalar.text()).matches();
            case BOOLEAN -> scalar.text().equals("true") || scalar.text().equals("false");
            case NULL -> scalar.text().equals("null");
            case STRING -> false;
        };
        if (literal) {
            text.append(scalar.text());
        } else {
            quote(scalar.text(), text);
        }
    }

    private static void quote(String value, StringBuilder text) {
        text.append('"');
        JsonStringEncoder.getInstance().quoteAsString(value, text);
        text.append('"');
    }
}
