package dev.segno.controlplane;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operation answers, in one of the forms that the contract knows.
 *
 * @param status  word for the outcome; {@code success} where the operation has none of its own
 * @param message a sentence, or null where the form has none
 * @param data    what stands under {@code data}, an object or a list, or null where the form has none
 * @param fields  what stands on top
 */
public record ControlAnswer(
        String status, @Nullable String message, @Nullable Object data, Map<String, @Nullable Object> fields) {

    private static final String SUCCESS = "success";

    /** The fields by themselves, among them a {@code status} if the operation has one. */
    public static ControlAnswer flat(Map<String, @Nullable Object> fields) {
        return new ControlAnswer(SUCCESS, null, null, fields);
    }

    /** Everything under {@code data}. */
    public static ControlAnswer wrapped(String message, Map<String, @Nullable Object> data) {
        return new ControlAnswer(SUCCESS, message, data, Map.of());
    }

    /** The same, with some of the data repeated on top. */
    public ControlAnswer repeating(List<String> names) {
        return data instanceof Map<?, ?> object ? repeating(object, names) : this;
    }

    /** The same, with only one member of its data, which may be a list, under {@code data}; without one there is null. */
    public ControlAnswer only(String name) {
        return new ControlAnswer(status, message, data instanceof Map<?, ?> object ? object.get(name) : null, fields);
    }

    private ControlAnswer repeating(Map<?, ?> object, List<String> names) {
        Map<String, @Nullable Object> repeated = new LinkedHashMap<>(fields);
        for (String name : names) {
            if (object.containsKey(name)) {
                repeated.put(name, object.get(name));
            }
        }
        return new ControlAnswer(status, message, data, repeated);
    }

    /** The same, with another word for the outcome. */
    public ControlAnswer withStatus(String word) {
        return new ControlAnswer(word, message, data, fields);
    }

    /** The whole document. */
    public Map<String, @Nullable Object> document(String requestId, Instant now) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("success", true);
        if (message != null) {
            document.put("status", status);
            document.put("message", message);
        }
        if (data != null) {
            document.put("data", data);
        }
        document.putAll(fields);
        document.putIfAbsent("timestamp", now.truncatedTo(ChronoUnit.SECONDS).toString());
        document.put("request_id", requestId);
        return document;
    }
}
