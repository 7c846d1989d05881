package dev.segno.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.run.Run;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The headers that a run was started with. Stateless, hence safe for concurrent use. */
final class StartHeaders {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private StartHeaders() {}

    static Map<String, @Nullable Object> of(Run run) {
        return object(run.headers());
    }

    /** A JSON object; empty for anything else. */
    static Map<String, @Nullable Object> object(@Nullable String json) {
        if (json == null) {
            return Map.of();
        }
        try {
            return JSON.readValue(json, OBJECT);
        } catch (JsonProcessingException e) {
            return Map.of();
        }
    }
}
