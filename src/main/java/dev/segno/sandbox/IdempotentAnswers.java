package dev.segno.sandbox;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The answers that were given under idempotency keys, and the keys whose work is still under way. */
final class IdempotentAnswers {

    private final Map<String, Answer> recorded = new HashMap<>();
    private final Set<String> underWay = new HashSet<>();

    @Nullable
    Answer recorded(@Nullable String key) {
        return key == null ? null : recorded.get(key);
    }

    boolean isUnderWay(@Nullable String key) {
        return key != null && underWay.contains(key);
    }

    void begin(@Nullable String key) {
        if (key != null) {
            underWay.add(key);
        }
    }

    void complete(@Nullable String key, Answer answer) {
        if (key != null) {
            underWay.remove(key);
            recorded.put(key, answer);
        }
    }

    /** The work under this key came to nothing; a repeat is taken as new. */
    void abandon(@Nullable String key) {
        if (key != null) {
            underWay.remove(key);
        }
    }

    void clear() {
        recorded.clear();
        underWay.clear();
    }
}
