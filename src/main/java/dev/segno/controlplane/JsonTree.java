package dev.segno.controlplane;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as plain maps, lists and values. Stateless, hence safe for concurrent use. */
final class JsonTree {

    private JsonTree() {}

    /** An object of names and values, one after the other. */
    static Map<String, @Nullable Object> of(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return object;
    }

    /** A time as seconds since 1970; null for none. */
    static @Nullable Double seconds(@Nullable Instant time) {
        return time == null ? null : Double.valueOf(time.toEpochMilli() / 1000.0);
    }

    /** A time as text; null for none. */
    static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    /** A value as an object; empty when it is none. */
    static Map<String, @Nullable Object> object(@Nullable Object value) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> object.put(String.valueOf(name), member));
        }
        return object;
    }
}
