package dev.segno.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
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

    private static final String REST = "{**}";

    static PathTemplate of(String text) {
        return new PathTemplate(text, List.of(text.split("/", -1)));
    }

    /** A path whose last parameter takes all that is left of a path, with its slashes. */
    static PathTemplate withRest(String text) {
        return of(text.substring(0, text.lastIndexOf('/') + 1) + REST);
    }

    /** A normalised path in pieces. One slash at its end makes no difference, as it makes none to the router. */
    static String[] piecesOf(String path) {
        return (path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path).split("/", -1);
    }

    /**
     * A path as it comes over the wire, in pieces, as somebody reads it who reads loosely: in lower case, without a
     * suffix after the last dot, without matrix parameters, escapes decoded over and over, dots and slashes resolved.
     */
    static String[] looselyReadPiecesOf(String path) {
        return loosely(path).split("/", -1);
    }

    /** Whether a path fits. */
    boolean matches(String[] pieces) {
        return matches(pieces, false);
    }

    /** Whether a path that was read loosely could mean this one. */
    boolean nearlyMatches(String[] pieces) {
        return matches(pieces, true);
    }

    /** The number of segments that are no parameters: the more, the better a match. */
    int literals() {
        return (int) segments.stream().filter(segment -> !isParameter(segment)).count();
    }

    /** What the pieces of a path that fits have in the place of a parameter, decoded: one value, or none where there is no such parameter. */
    List<String> valuesOf(String parameter, String[] pieces) {
        int place = segments.indexOf("{" + parameter + "}");
        return place < 0
                ? List.of()
                : List.of(URLDecoder.decode(pieces[place].replace("+", "%2B"), StandardCharsets.UTF_8));
    }

    /** What a path has in the place of a parameter that takes the rest; without one, the whole path. */
    String restOf(String path) {
        String before = text.substring(0, text.lastIndexOf('/') + 1);
        return hasRest() && path.startsWith(before) ? path.substring(before.length()) : path;
    }

    /** The path with its parameters unnamed, in the form in which the paths of two sources can be compared. */
    String shape() {
        return segments.stream()
                .map(segment -> segment.equals("*") ? REST : segment)
                .map(segment -> !segment.equals(REST) && isVariable(segment) ? "{}" : segment)
                .collect(Collectors.joining("/"));
    }

    private boolean matches(String[] others, boolean ignoreCase) {
        if (hasRest() ? others.length < segments.size() : others.length != segments.size()) {
            return false;
        }
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            String other = others[i];
            boolean same = isParameter(segment)
                    ? !other.isEmpty()
                    : ignoreCase ? segment.equalsIgnoreCase(other) : segment.equals(other);
            if (!same) {
                return false;
            }
        }
        return true;
    }

    /** Whether a segment stands for any, here or in a path of the router. */
    private static boolean isVariable(String segment) {
        return isParameter(segment) || segment.startsWith(":");
    }

    private boolean hasRest() {
        return segments.get(segments.size() - 1).equals(REST);
    }

    private static boolean isParameter(String segment) {
        return segment.startsWith("{") && segment.endsWith("}");
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
