package dev.segno.control;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Settings in layers, all under one form of their names: {@code segno.http.port} becomes {@code SEGNO_HTTP_PORT}.
 *
 * <p>{@code ${name}} and {@code ${name:default}} are replaced in the file only. Values of the environment stand as they
 * are: a secret may contain any character.
 */
final class LayeredSettings implements Settings {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z0-9._-]+)(?::([^}]*))?}");

    private final Map<String, String> values;

    private LayeredSettings(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    static LayeredSettings load(Map<String, String> environment, List<Path> files, Map<String, String> defaults) {
        Map<String, String> values = new HashMap<>();
        defaults.forEach((name, value) -> values.put(canonical(name), value));
        Map<String, String> written = new HashMap<>();
        Map<String, Path> places = new HashMap<>();
        for (Path file : files) {
            Map<String, String> inFile = new HashMap<>();
            flatten("", YamlTree.read(file), inFile, file);
            inFile.keySet().forEach(name -> places.put(name, file));
            written.putAll(inFile);
        }
        values.putAll(written);
        environment.forEach((name, value) -> {
            if (!value.isBlank()) {
                values.put(canonical(name), value);
                // The environment wins, so what the file says there is never resolved.
                written.remove(canonical(name));
            }
        });
        for (String name : written.keySet()) {
            values.put(name, resolve(name, written, values, new ArrayDeque<>(), places.get(name)));
        }
        return new LayeredSettings(values);
    }

    @Override
    public Optional<String> find(String name) {
        return Optional.ofNullable(values.get(canonical(name)))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    /** The names that somebody has set, in the spelling of the environment. */
    Set<String> names() {
        return values.keySet();
    }

    /** One spelling per setting: upper case, every other character an underscore. */
    static String canonical(String name) {
        StringBuilder out = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            out.append(Character.isLetterOrDigit(c) ? Character.toUpperCase(c) : '_');
        }
        return out.toString();
    }

    private static void flatten(String prefix, Map<?, ?> tree, Map<String, String> out, @Nullable Path file) {
        tree.forEach((key, value) -> {
            String name = prefix.isEmpty() ? String.valueOf(key) : prefix + "." + key;
            if (value instanceof Map<?, ?> inner) {
                flatten(name, inner, out, file);
            } else if (value != null) {
                if (out.put(canonical(name), text(name, value, file)) != null) {
                    throw new SettingsException(file + ": setting " + name + " is there twice");
                }
            }
        });
    }

    private static String text(String name, Object value, @Nullable Path file) {
        if (!(value instanceof List<?> list)) {
            return value.toString();
        }
        if (list.stream().anyMatch(item -> item instanceof Map || item instanceof List)) {
            throw new SettingsException(file + ": setting " + name + " must be a value or a list of plain values");
        }
        return list.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static String resolve(
            String name,
            Map<String, String> written,
            Map<String, String> values,
            Deque<String> path,
            @Nullable Path file) {
        String text = values.getOrDefault(name, "");
        if (!written.containsKey(name)) {
            return text;
        }
        if (path.contains(name)) {
            throw new SettingsException(file + ": setting " + name.toLowerCase(Locale.ROOT) + " refers to itself");
        }
        path.push(name);
        Matcher matcher = REFERENCE.matcher(written.getOrDefault(name, ""));
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            String wanted = canonical(matcher.group(1));
            @Nullable String fallback = matcher.group(2);
            String found;
            if (values.containsKey(wanted)) {
                found = resolve(wanted, written, values, path, file);
            } else if (fallback != null) {
                found = fallback;
            } else {
                throw new SettingsException(file + ": " + matcher.group()
                        + " refers to a setting that is not set; give it a value or a default"
                        + " as in ${name:default}");
            }
            matcher.appendReplacement(out, Matcher.quoteReplacement(found));
        }
        matcher.appendTail(out);
        path.pop();
        return out.toString();
    }
}
