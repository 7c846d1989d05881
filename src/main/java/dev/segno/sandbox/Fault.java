package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Something that shall go wrong, as {@code POST /_sandbox} asks for it.
 *
 * @param path the path of the calls that it meets; a {@code *} at the end stands for any rest
 * @param match fields that the call's JSON body must have; empty: any body
 * @param kind what goes wrong
 * @param value the status, the milliseconds or the number of records, as the kind has it
 * @param times how many calls it meets before it is over
 */
record Fault(String path, JsonNode match, Kind kind, int value, int times) {

    private static final Set<String> FIELDS = Set.of("path", "match", "fault", "value", "times");

    enum Kind {
        /** Answers the status {@code value} (500 if absent) and does nothing. */
        STATUS(500, 100, 599),
        /** Takes {@code value} ms longer, and then does what it would have done. */
        DELAY(1000, 0, 3_600_000),
        /** Does the work and answers JSON that is cut off. */
        MALFORMED(0, 0, 0),
        /** Drops the connection and does nothing. */
        CLOSE_BEFORE_WORK(0, 0, 0),
        /** Does the work and drops the connection without an answer. */
        CLOSE_AFTER_WORK(0, 0, 0),
        /** Does the work and answers {@code value} ms later. */
        HOLD_AFTER_WORK(3_600_000, 0, 3_600_000),
        /** Does the work, but loses {@code value} records of it and says so in its answer. */
        RECORD_ERRORS(1, 0, Integer.MAX_VALUE),
        /** Says that it is busy, and goes on saying so for {@code value} ms (0: to this call only). */
        BUSY(0, 0, 3_600_000);

        private final int usual;
        private final int least;
        private final int most;

        Kind(int usual, int least, int most) {
            this.usual = usual;
            this.least = least;
            this.most = most;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** True if no answer of the service's own follows this fault, so that it can be joined with no other such. */
        boolean decidesAnswer() {
            return this != DELAY && this != RECORD_ERRORS;
        }

        static Kind of(String word) {
            for (Kind kind : values()) {
                if (kind.word().equals(word)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("Unknown fault '" + word + "': use one of "
                    + Arrays.stream(values()).map(Kind::word).collect(Collectors.joining(", ")));
        }
    }

    /**
     * Reads a fault.
     *
     * @throws IllegalArgumentException if it is not one, with a text for the caller
     */
    static Fault of(JsonNode json) {
        List<String> unknown = json.properties().stream()
                .map(field -> field.getKey())
                .filter(name -> !FIELDS.contains(name))
                .toList();
        if (!json.isObject() || !unknown.isEmpty()) {
            throw new IllegalArgumentException("A fault is an object with the fields "
                    + FIELDS.stream().sorted().toList() + (unknown.isEmpty() ? "" : "; unknown: " + unknown));
        }
        if (!json.path("path").isTextual()) {
            throw new IllegalArgumentException("A fault needs a path, such as /run, or * for any");
        }
        JsonNode match = json.path("match");
        if (!match.isMissingNode() && !match.isObject()) {
            throw new IllegalArgumentException("A fault's match is an object: {\"offset\":40000}");
        }
        Kind kind = Kind.of(json.path("fault").asText());
        return new Fault(
                json.path("path").asText(),
                match.isMissingNode() ? Json.object() : match,
                kind,
                number(json, "value", kind.usual, kind.least, kind.most),
                number(json, "times", Integer.MAX_VALUE, 1, Integer.MAX_VALUE));
    }

    boolean meets(Request request) {
        boolean sameMatch = match.isEmpty() || Json.contains(request.json(), match);
        return sameMatch && pathFits(path, request.path());
    }

    Fault withTimes(int left) {
        return new Fault(path, match, kind, value, left);
    }

    ObjectNode json() {
        ObjectNode json =
                Json.object().put("path", path).put("fault", kind.word()).put("value", value);
        json.set("match", match);
        return times == Integer.MAX_VALUE ? json : json.put("times", times);
    }

    /** Whether the path is the pattern, or begins with what stands before the pattern's {@code *}. */
    static boolean pathFits(String pattern, String path) {
        return pattern.endsWith("*")
                ? path.startsWith(pattern.substring(0, pattern.length() - 1))
                : path.equals(pattern);
    }

    private static int number(JsonNode json, String name, int usual, int least, int most) {
        JsonNode number = json.path(name);
        if (number.isMissingNode()) {
            return usual;
        }
        if (!number.isInt() || number.asInt() < least || number.asInt() > most) {
            throw new IllegalArgumentException(name + " of this fault is a whole number from " + least + " to " + most);
        }
        return number.asInt();
    }
}
