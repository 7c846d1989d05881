package dev.segno.api;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A path of an OpenAPI document, such as {@code /items/{id}}: literal segments and parameters. Immutable, hence safe for
 * concurrent use.
 */
record PathTemplate(String text, List<String> segments) {

    static PathTemplate of(String text) {
        return new PathTemplate(text, List.of(text.split("/", -1)));
    }

    /** Whether a normalised path fits. One slash at the end makes no difference, as it makes none to the router. */
    boolean matches(String path) {
        return matches(List.of(withoutLastSlash(path).split("/", -1)), false);
    }

    /**
     * Whether a path means this one to somebody who reads paths loosely: in any case, with a suffix after the last dot,
     * with matrix parameters, escapes decoded over and over, dots and slashes resolved.
     */
    boolean nearlyMatches(String path) {
        return matches(List.of(loosely(path).split("/", -1)), true);
    }

    /** The number of segments that are no parameters: the more, the better a match. */
    int literals() {
        return (int) segments.stream().filter(segment -> !isParameter(segment)).count();
    }

    /** The path with its parameters unnamed, in the form in which the paths of two sources can be compared. */
    String shape() {
        return segments.stream()
                .map(segment -> isParameter(segment) || segment.startsWith(":") ? "{}" : segment)
                .collect(Collectors.joining("/"));
    }

    private boolean matches(List<String> others, boolean ignoreCase) {
        if (others.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            String other = others.get(i);
            boolean same = isParameter(segment)
                    ? !other.isEmpty()
                    : ignoreCase ? segment.equalsIgnoreCase(other) : segment.equals(other);
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private static boolean isParameter(String segment) {
        return segment.startsWith("{") && segment.endsWith("}");
    }

    private static String withoutLastSlash(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static String loosely(String path) {
        String text = path;
        for (int i = 0; i < 4 && text.indexOf('%') >= 0; i++) {
            text = decodeOnce(text);
        }
        text = text.replace('\\', '/').replaceAll(";[^/]*|[?#].*", "").replaceAll("[\\p{Cntrl} ]", "");
        Deque<String> kept = new ArrayDeque<>();
        for (String segment : text.split("/")) {
            if (segment.equals("..")) {
                kept.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                kept.addLast(segment);
            }
        }
        String joined = "/" + String.join("/", kept);
        int dot = joined.lastIndexOf('.');
        return (dot > joined.lastIndexOf('/') ? joined.substring(0, dot) : joined).toLowerCase(Locale.ROOT);
    }

    private static String decodeOnce(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            int high = text.charAt(i) == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (low >= 0) {
                out.append((char) (high * 16 + low));
                i += 2;
            } else {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }
}
