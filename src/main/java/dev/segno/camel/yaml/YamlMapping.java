package dev.segno.camel.yaml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mapping. Its keys are texts, each once.
 *
 * @param entries by key, in the file's order; unmodifiable
 */
public record YamlMapping(Map<String, Entry> entries, int line, int column, NodePath path) implements YamlNode {

    public YamlMapping {
        entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /**
     * One key with its value.
     *
     * @param key the key with the place where it stands, and the value's path
     */
    public record Entry(YamlScalar key, YamlNode value) {}

    /** The value under a key, or null. */
    public @Nullable YamlNode get(String key) {
        Entry entry = entries.get(key);
        return entry == null ? null : entry.value();
    }

    /** The key as a node, for its place; or null. */
    public @Nullable YamlScalar key(String key) {
        Entry entry = entries.get(key);
        return entry == null ? null : entry.key();
    }

    /** The text under a key, or null where there is none or no scalar. */
    public @Nullable String text(String key) {
        return get(key) instanceof YamlScalar scalar ? scalar.text() : null;
    }

    /** The mapping under a key, or null where there is none or something else. */
    public @Nullable YamlMapping mapping(String key) {
        return get(key) instanceof YamlMapping mapping ? mapping : null;
    }

    /** The sequence under a key, or null where there is none or something else. */
    public @Nullable YamlSequence sequence(String key) {
        return get(key) instanceof YamlSequence sequence ? sequence : null;
    }

    public boolean has(String key) {
        return entries.containsKey(key);
    }

    public Set<String> keys() {
        return entries.keySet();
    }
}
