package dev.segno.camel.yaml;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Finds property placeholders in scalars by the rules of Camel's own parser (quoted and escaped braces are text). */
public final class Placeholders {

    /** No honest text has more; beyond it a text is refused by the policy, for it can no longer be looked through. */
    static final int MOST_IN_ONE_TEXT = 50;

    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";

    /** What Camel and its vault components take for a function when it stands before the first colon. */
    private static final Set<String> FUNCTIONS = Set.of(
            "env",
            "sys",
            "bean",
            "boolean",
            "service",
            "service.name",
            "service.host",
            "service.port",
            "aws",
            "azure",
            "base64",
            "configmap",
            "cyberark",
            "gcp",
            "hashicorp",
            "ibm",
            "configmap-binary",
            "secret",
            "secret-binary",
            "springcloudconfig");

    private Placeholders() {}

    /** Whether a word before a colon is a function, and not the name of a setting. */
    static boolean isFunction(String word) {
        return FUNCTIONS.contains(word);
    }

    /** Whether a text holds more placeholders than can be looked through. */
    static boolean tooMany(String text) {
        int count = 0;
        for (int at = text.indexOf(OPEN); at >= 0; at = text.indexOf(OPEN, at + 1)) {
            count++;
            if (count > MOST_IN_ONE_TEXT) {
                return true;
            }
        }
        return false;
    }

    /** Whether each opening pair of braces has a closing one behind it and the other way round. */
    static boolean balanced(String text) {
        int depth = 0;
        for (int i = 0; i < text.length() - 1; ) {
            if (isToken(text, i, OPEN)) {
                depth++;
                i += 2;
            } else if (isToken(text, i, CLOSE)) {
                depth--;
                i += 2;
            } else {
                i++;
            }
            if (depth < 0) {
                return false;
            }
        }
        return depth == 0;
    }

    /** All placeholders of a tree, in the file's order. */
    static List<Placeholder> in(YamlNode node) {
        List<Placeholder> found = new ArrayList<>();
        collect(node, found);
        return found;
    }

    private static void collect(YamlNode node, List<Placeholder> found) {
        if (node instanceof YamlMapping mapping) {
            mapping.entries().values().forEach(entry -> collect(entry.value(), found));
        } else if (node instanceof YamlSequence sequence) {
            sequence.items().forEach(item -> collect(item, found));
        } else if (node instanceof YamlScalar scalar && scalar.text().contains(OPEN)) {
            found.addAll(in(scalar));
        }
    }

    private static List<Placeholder> in(YamlScalar scalar) {
        String text = scalar.text();
        List<Placeholder> found = new ArrayList<>();
        Deque<Integer> open = new ArrayDeque<>();
        int i = 0;
        while (i < text.length() - 1 && found.size() < MOST_IN_ONE_TEXT) {
            if (isToken(text, i, OPEN)) {
                open.push(i + 2);
                i += 2;
            } else if (!open.isEmpty() && isToken(text, i, CLOSE)) {
                found.add(parse(text.substring(open.pop(), i), scalar));
                i += 2;
            } else {
                i++;
            }
        }
        return found;
    }

    private static Placeholder parse(String inner, YamlScalar at) {
        String rest = inner;
        boolean optional = rest.startsWith("?");
        if (optional) {
            rest = rest.substring(1);
        }
        String function = "";
        int colon = rest.indexOf(':');
        if (colon >= 0 && FUNCTIONS.contains(rest.substring(0, colon))) {
            function = rest.substring(0, colon);
            rest = rest.substring(colon + 1);
            colon = rest.indexOf(':');
        }
        String name = colon < 0 ? rest : rest.substring(0, colon);
        String defaultValue = colon < 0 ? null : rest.substring(colon + 1);
        return new Placeholder(function, name, defaultValue, optional, at);
    }

    /**
     * Replaces every placeholder, innermost first.
     *
     * @param values the value of a name (with its function and colon, if any), or null where it has none
     * @return the text; placeholders with neither value nor default are left as they stand
     */
    public static String resolve(String text, UnaryOperator<@Nullable String> values) {
        String answer = text;
        int from = 0;
        // Each round takes one placeholder; values that hold placeholders of each other end in circles, so rounds end.
        for (int round = 0; round < 4 * MOST_IN_ONE_TEXT; round++) {
            int close = find(answer, CLOSE, from);
            int open = close < 0 ? -1 : lastBefore(answer, close);
            if (close < 0) {
                return answer;
            }
            if (open < 0) {
                from = close + 2;
                continue;
            }
            Placeholder placeholder = parse(
                    answer.substring(open + 2, close), new YamlScalar("", YamlScalar.Kind.STRING, 1, 1, NodePath.ROOT));
            String key =
                    placeholder.isSetting() ? placeholder.name() : placeholder.function() + ":" + placeholder.name();
            String value = values.apply(key);
            if (value == null) {
                value = placeholder.defaultValue();
            }
            if (value == null && placeholder.optional()) {
                value = "";
            }
            if (value == null) {
                from = close + 2;
            } else {
                answer = answer.substring(0, open) + value + answer.substring(close + 2);
                from = Math.min(from, open);
            }
        }
        return answer;
    }

    private static int find(String text, String token, int from) {
        for (int i = from; i < text.length() - 1; i++) {
            if (isToken(text, i, token)) {
                return i;
            }
        }
        return -1;
    }

    private static int lastBefore(String text, int end) {
        for (int i = end - 2; i >= 0; i--) {
            if (isToken(text, i, OPEN)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isToken(String text, int index, String token) {
        if (!text.startsWith(token, index)) {
            return false;
        }
        boolean escaped = index > 0 && text.charAt(index - 1) == '\\' && (index == 1 || text.charAt(index - 2) != '\\');
        int after = index + token.length();
        boolean quoted = index > 0
                && after < text.length()
                && text.charAt(index - 1) == text.charAt(after)
                && (text.charAt(after) == '\'' || text.charAt(after) == '"');
        return !escaped && !quoted;
    }
}
