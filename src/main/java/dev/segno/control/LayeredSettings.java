package dev.segno.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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

    /** A part of a file whose names count before those beside it: a file may be shared with other services. */
    private static final String SECTION = "orchestrator";

    /** What is behind the name of a setting whose value stands in a file. */
    private static final String FILE = "_FILE";

    /** Names in an environment that can be meant for this program. */
    private static final Pattern MEANT = Pattern.compile(
            "(SEGNO|ORCHESTRATOR|HTTP|REDIS|AUTH|OUTBOUND|OTEL|SMTP)_.*|PORT|ENVIRONMENT|DEBUG|LOG_LEVEL|ALL_PROVIDERS|"
                    + "SECURE_ONLY_MODELS|APP_CONFIG_PATH|.*_(URL|TOKEN|PEERS|PASSWORD|SECRET|DSN)|ADMIN_KEY");

    private final Map<String, String> values;
    private final Map<String, String> sources;
    private final Optional<SecretSource> source;

    private LayeredSettings(Map<String, String> values, Map<String, String> sources) {
        this.values = Map.copyOf(values);
        this.source = source(this.values);
        this.sources = Map.copyOf(sources);
    }

    static LayeredSettings load(Map<String, String> environment, List<Path> files, Map<String, String> defaults) {
        Map<String, String> values = new HashMap<>();
        defaults.forEach((name, value) -> values.put(canonical(name), value));
        Map<String, String> written = new HashMap<>();
        Map<String, Path> places = new HashMap<>();
        for (Path file : files) {
            Map<String, String> inFile = new HashMap<>();
            Map<?, ?> tree = YamlTree.read(file);
            flatten("", tree, inFile, file);
            if (tree.get(SECTION) instanceof Map<?, ?> section) {
                Map<String, String> inSection = new HashMap<>();
                flatten("", section, inSection, file);
                inSection.values().removeIf(String::isBlank);
                inFile.putAll(inSection);
            }
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
        Map<String, String> sources = new HashMap<>();
        defaults.keySet().forEach(name -> sources.put(canonical(name), "default"));
        written.keySet().forEach(name -> sources.put(name, "file"));
        environment.forEach((name, value) -> {
            String canonical = canonical(name);
            if (!value.isBlank()
                    && (sources.containsKey(canonical)
                            || MEANT.matcher(canonical).matches())) {
                sources.put(canonical, "env");
            }
        });
        return new LayeredSettings(values, sources);
    }

    @Override
    public Map<String, Known> known() {
        Map<String, Known> known = new TreeMap<>();
        names().stream()
                .filter(name -> SecretNames.mayStandInAFile(name) && values.containsKey(name + FILE))
                .forEach(name -> find(name).ifPresent(value -> known.put(name, new Known(value, "secret"))));
        sources.forEach((name, source) -> find(name).ifPresent(value -> known.put(name, new Known(value, source))));
        return known;
    }

    @Override
    public Optional<String> find(String name) {
        String canonical = canonical(name);
        Optional<String> value =
                Optional.ofNullable(values.get(canonical)).map(String::strip).filter(text -> !text.isEmpty());
        return value.isPresent() || !SecretNames.mayStandInAFile(canonical) ? value : secret(canonical);
    }

    @Override
    public Set<String> names() {
        Set<String> names = new TreeSet<>(values.keySet());
        values.keySet().stream()
                .filter(name -> name.endsWith(FILE))
                .map(name -> name.substring(0, name.length() - FILE.length()))
                .filter(SecretNames::mayStandInAFile)
                .forEach(names::add);
        return names;
    }

    /** Read each time: a secret that is changed holds from then on. */
    private Optional<String> secret(String canonical) {
        @Nullable String file = values.get(canonical + FILE);
        if (file != null && !file.isBlank()) {
            try {
                return Optional.of(Files.readString(Path.of(file.strip())).strip())
                        .filter(text -> !text.isEmpty());
            } catch (IOException | InvalidPathException e) {
                throw new SettingsException("setting " + canonical + FILE + ": the file cannot be read", e);
            }
        }
        // Addresses are shown and stored, and it gives secrets.
        if (!SecretNames.isSecret(canonical)) {
            return Optional.empty();
        }
        return source.flatMap(other -> other.find(canonical)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static Optional<SecretSource> source(Map<String, String> values) {
        @Nullable String wanted = values.get("SEGNO_SECRETS");
        if (wanted == null || wanted.isBlank()) {
            return Optional.empty();
        }
        for (SecretSource source : ServiceLoader.load(SecretSource.class)) {
            if (source.name().equals(wanted.strip())) {
                return Optional.of(source);
            }
        }
        throw new SettingsException("setting SEGNO_SECRETS: there is no source of secrets named " + wanted.strip()
                + "; is its jar on the class path?");
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
