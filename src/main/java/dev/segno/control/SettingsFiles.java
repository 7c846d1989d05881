package dev.segno.control;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which files the settings of a process stand in: {@code config/app.yaml}, and laid over it the one of the profile,
 * {@code config/app-production.yaml}. Stateless.
 */
public final class SettingsFiles {

    private static final Logger LOG = LoggerFactory.getLogger(SettingsFiles.class);

    private static final Set<String> PROFILES = Set.of("development", "staging", "production");
    private static final String SUFFIX = ".yaml";

    private SettingsFiles() {}

    /**
     * The settings of a process. Names of ours that nobody knows are told in the log.
     *
     * @param chosen the file that somebody named, null for none
     * @param usual  the file that is read when it is there
     * @throws SettingsException when a file that was named is not there, a file cannot be read, or the profile is unknown
     */
    public static Settings load(Map<String, String> environment, @Nullable Path chosen, Path usual) {
        Settings variables = Settings.load(environment, List.of(), Map.of());
        Optional<Path> named = Optional.ofNullable(chosen)
                .or(() -> variables.find(SettingsCatalog.APP_CONFIG_PATH).map(Path::of));
        named.filter(file -> !Files.exists(file)).ifPresent(file -> {
            throw new SettingsException(file + ": there is no such file");
        });
        Path base = named.orElse(usual);
        List<Path> files = new ArrayList<>();
        files.add(base);
        profile(variables).ifPresent(profile -> files.add(of(base, profile)));
        files.removeIf(file -> !Files.exists(file));
        LayeredSettings settings = LayeredSettings.load(environment, files, Map.of());
        settings.names().stream()
                .filter(SettingsCatalog::isUnknown)
                .sorted()
                .forEach(name -> LOG.warn("{} is no setting of Segno; docs/settings.md has all of them", name));
        return settings;
    }

    /** The profile that the environment chooses; empty when another program's word stands in {@code ENVIRONMENT}. */
    static Optional<String> profile(Settings variables) {
        Optional<String> own = variables.find(SettingsCatalog.PROFILE).map(word -> word.toLowerCase(Locale.ROOT));
        own.filter(word -> !PROFILES.contains(word)).ifPresent(word -> {
            throw new SettingsException(
                    "setting SEGNO_PROFILE must be one of development, staging, production, not \"" + word + "\"");
        });
        return own.or(
                () -> Optional.of(variables.get(SettingsCatalog.ENVIRONMENT).toLowerCase(Locale.ROOT))
                        .filter(PROFILES::contains));
    }

    private static Path of(Path base, String profile) {
        String name = String.valueOf(base.getFileName());
        String stem = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        return base.resolveSibling(stem + '-' + profile + SUFFIX);
    }
}
