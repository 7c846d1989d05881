package dev.segno.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a run: what its route says about it in variables whose names begin with {@value #PREFIX}. Names are
 * kept without the prefix. Thread-safe.
 */
public final class Attributes {

    /** Marks the variables that are attributes. */
    public static final String PREFIX = "run.";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<TreeMap<String, @Nullable Object>> VALUES = new TypeReference<>() {};

    private final Map<String, @Nullable Object> values;
    private boolean changed;

    private Attributes(Map<String, @Nullable Object> values) {
        this.values = values;
    }

    static Attributes parse(String json) {
        try {
            return new Attributes(JSON.readValue(json, VALUES));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Attributes are not a JSON object: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Sets one attribute.
     *
     * @param name  without the prefix
     * @param value a string, number, boolean, list or map of such; {@code null} removes the attribute
     */
    public synchronized void set(String name, @Nullable Object value) {
        if (value == null) {
            changed |= values.remove(name) != null;
        } else {
            changed |= !value.equals(values.put(name, value));
        }
    }

    public synchronized Map<String, @Nullable Object> asMap() {
        return new TreeMap<>(values);
    }

    public synchronized String toJson() {
        try {
            return JSON.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("An attribute cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** The attributes as JSON if they were changed since the last call. */
    synchronized Optional<String> takeChanges() {
        if (!changed) {
            return Optional.empty();
        }
        changed = false;
        return Optional.of(toJson());
    }
}
