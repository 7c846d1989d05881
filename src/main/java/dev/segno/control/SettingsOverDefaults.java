package dev.segno.control;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Settings above defaults that route packages bring. Immutable, hence safe for concurrent use. */
record SettingsOverDefaults(Settings settings, Map<String, String> defaults) implements Settings {

    /** @param defaults by their names in upper case with underscores */
    SettingsOverDefaults {
        defaults = Map.copyOf(defaults);
    }

    @Override
    public Optional<String> find(String name) {
        return settings.find(name).or(() -> Optional.ofNullable(defaults.get(LayeredSettings.canonical(name))));
    }

    @Override
    public Set<String> names() {
        Set<String> names = new TreeSet<>(settings.names());
        names.addAll(defaults.keySet());
        return names;
    }

    @Override
    public Map<String, Known> known() {
        Map<String, Known> known = new TreeMap<>();
        defaults.forEach((name, value) -> known.put(name, new Known(value, "default")));
        known.putAll(settings.known());
        return known;
    }
}
