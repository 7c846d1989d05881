package dev.segno.camel.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the functions of Camel's Simple language in a text: what stands in <code>${…}</code>, nested ones too. */
final class SimpleText {

    private static final Pattern OPEN = Pattern.compile("\\$(?:simple)?\\{");

    private SimpleText() {}

    static boolean hasFunction(String text) {
        return OPEN.matcher(text).find();
    }

    /** The content of each function, without its braces, outer ones first; an unclosed one reaches to the end. */
    static List<String> functions(String text) {
        List<String> found = new ArrayList<>();
        Matcher open = OPEN.matcher(text);
        while (open.find()) {
            found.add(text.substring(open.end(), close(text, open.end())).strip());
        }
        return found;
    }

    /** Whether a function has no end: a part of it would come from somewhere else. */
    static boolean isUnclosed(String text) {
        Matcher open = OPEN.matcher(text);
        while (open.find()) {
            if (close(text, open.end()) == text.length()) {
                return true;
            }
        }
        return false;
    }

    private static int close(String text, int from) {
        int depth = 0;
        for (int i = from; i < text.length(); i++) {
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
        return text.length();
    }
}
