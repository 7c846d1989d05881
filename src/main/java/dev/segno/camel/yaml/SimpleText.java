package dev.segno.camel.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the functions of Camel's Simple language in a text: what stands in <code>${…}</code>, nested ones too. */
final class SimpleText {

    /** No honest text has more; beyond it, looking for their ends would take quadratic time. */
    static final int MOST_FUNCTIONS = 200;

    private static final int LONGEST_FUNCTION = 10_000;

    private static final Pattern OPEN = Pattern.compile("\\$(?:simple)?\\{");

    private SimpleText() {}

    static boolean hasFunction(String text) {
        return OPEN.matcher(text).find();
    }

    /** The content of each function, without its braces, outer ones first; at most one more than the limit. */
    static List<String> functions(String text) {
        List<String> found = new ArrayList<>();
        Matcher open = OPEN.matcher(text);
        while (found.size() <= MOST_FUNCTIONS && open.find()) {
            found.add(text.substring(open.end(), close(text, open.end())).strip());
        }
        return found;
    }

    /** Whether a function has no end: a part of it would come from somewhere else. */
    static boolean isUnclosed(String text) {
        Matcher open = OPEN.matcher(text);
        for (int count = 0; count <= MOST_FUNCTIONS && open.find(); count++) {
            int end = close(text, open.end());
            if (end == text.length() || text.charAt(end) != '}') {
                return true;
            }
        }
        return false;
    }

    private static int close(String text, int from) {
        int limit = Math.min(text.length(), from + LONGEST_FUNCTION);
        int depth = 0;
        for (int i = from; i < limit; i++) {
            char c = text.charAt(i);
            if (c == '{') {
                depth++;
            } else if (c == '}') {
                if (depth == 0) {
                    return i;
                }
                depth--;
            }
        }
        return limit;
    }
}
