package dev.segno.control;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of one setting: its name, what it means, and what holds when nobody sets it. All of them stand in
 * {@link SettingsCatalog}; {@link Settings#get(Setting)} reads one. Immutable, hence safe for concurrent use.
 *
 * @param <T>      type of its value
 * @param name     in the form of the settings file, {@code segno.http.port}; a name of a contract stands as it is
 * @param fallback value that holds when nobody sets it; null when it is not there then
 * @param shown    the fallback as people write it
 * @param range    which values are good, for people
 * @param meaning  what it does, in one sentence
 * @param secret   whether its value must never be shown
 * @param reader   finds its value, or tells that it is not good
 */
public record Setting<T>(
        String name,
        @Nullable T fallback,
        String shown,
        String range,
        String meaning,
        boolean secret,
        Reader<T> reader) {

    /** Finds a value. */
    @FunctionalInterface
    public interface Reader<T> {
        /** @throws SettingsException when a value is there and is not good */
        @Nullable
        T read(Settings settings, Setting<T> setting);
    }

    static Setting<Integer> whole(String name, int fallback, int min, int max, String meaning) {
        return new Setting<>(
                name,
                fallback,
                String.valueOf(fallback),
                min + ".." + max,
                meaning,
                false,
                (settings, setting) -> settings.integer(name, fallback, min, max));
    }

    static Setting<Long> bytes(String name, long fallback, long min, long max, String meaning) {
        return new Setting<>(
                name,
                fallback,
                String.valueOf(fallback),
                min + ".." + max + " bytes",
                meaning,
                false,
                (settings, setting) -> settings.integer(name, fallback, min, max));
    }

    static Setting<Boolean> flag(String name, boolean fallback, String meaning) {
        return new Setting<>(
                name,
                fallback,
                String.valueOf(fallback),
                "true, false",
                meaning,
                false,
                (settings, setting) -> settings.flag(name, fallback));
    }

    static Setting<Duration> time(String name, String fallback, String meaning) {
        Duration value = Settings.durationOf(name, fallback);
        return new Setting<>(
                name,
                value,
                fallback,
                "a length of time",
                meaning,
                false,
                (settings, setting) -> settings.duration(name, value));
    }

    /** A text, of which every one is good. */
    static Setting<String> text(String name, @Nullable String fallback, String range, String meaning) {
        return new Setting<>(name, fallback, fallback == null ? "" : fallback, range, meaning, false, Setting::any);
    }

    /** One of several words, in any case. */
    static Setting<String> word(String name, String fallback, String meaning, String... words) {
        String range = String.join(", ", words);
        return new Setting<>(name, fallback, fallback, range, meaning, false, (settings, setting) -> {
            String text = settings.get(name, fallback).toLowerCase(Locale.ROOT);
            for (String word : words) {
                if (word.equals(text)) {
                    return word;
                }
            }
            throw new SettingsException("setting " + name + " must be one of " + range + ", not \"" + text + "\"");
        });
    }

    /** A text that is never shown. */
    static Setting<String> secret(String name, String range, String meaning) {
        return new Setting<>(name, null, "", range, meaning, true, Setting::any);
    }

    private static @Nullable String any(Settings settings, Setting<String> setting) {
        return settings.find(setting.name()).orElse(setting.fallback());
    }

    /** Its name in the environment. */
    public String environmentName() {
        return LayeredSettings.canonical(name);
    }
}
