package dev.segno.hub;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How operations have ended, in numbers.
 *
 * @param successful those that did what they were to do, also without what they can do without
 * @param partial    of these, those that had to do without something
 * @param failed     all others
 * @param totalMs    how long all of them took together
 */
record HubFigures(long successful, long partial, long failed, double totalMs) {

    static final HubFigures NONE = new HubFigures(0, 0, 0, 0);

    /** As they were noted. */
    static HubFigures of(Map<String, @Nullable Object> note) {
        return new HubFigures(
                number(note, "successful").longValue(),
                number(note, "partial").longValue(),
                number(note, "failed").longValue(),
                number(note, "totalMs").doubleValue());
    }

    private static Number number(Map<String, @Nullable Object> note, String name) {
        return note.get(name) instanceof Number number ? number : 0;
    }

    HubFigures plus(EndedOperation end) {
        return new HubFigures(
                successful + (end.success() ? 1 : 0),
                partial + (end.partial() ? 1 : 0),
                failed + (end.success() ? 0 : 1),
                totalMs + end.ms());
    }

    /** What is noted of them. */
    Map<String, @Nullable Object> note() {
        Map<String, @Nullable Object> note = new LinkedHashMap<>();
        note.put("successful", successful);
        note.put("partial", partial);
        note.put("failed", failed);
        note.put("totalMs", totalMs);
        return note;
    }

    /** As clients know them. */
    Map<String, @Nullable Object> document() {
        long total = successful + failed;
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("totalOperations", total);
        document.put("successfulOperations", successful);
        document.put("failedOperations", failed);
        document.put("partialOperations", partial);
        document.put("successRate", total == 0 ? 0.0 : (double) successful / total);
        document.put("averageOperationTime", total == 0 ? 0.0 : totalMs / total);
        return document;
    }
}
