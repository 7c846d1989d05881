package dev.segno.controlplane;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as plain maps, lists and values. Stateless, hence safe for concurrent use. */
final class JsonTree {

    private JsonTree() {}

    /** A value as an object; empty when it is none. */
    static Map<String, @Nullable Object> object(@Nullable Object value) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> object.put(String.valueOf(name), member));
        }
        return object;
    }
}
