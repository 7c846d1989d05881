package dev.segno.control;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of this process: environment before {@code config/app.yaml} before defaults.
 *
 * <p>A name may be written in either form: {@code segno.http.port} and {@code SEGNO_HTTP_PORT} are the same setting.
 * Implementations are immutable and safe for concurrent use.
 */
public interface Settings {

    Pattern DURATION = Pattern.compile("(\\d{1,15})\\s*(ms|s|m|h|d)?");

    /** The value of a setting, or empty when nobody set it or set it to blank. */
    Optional<String> find(String name);

    /** Names of the settings that have a value, in upper case with underscores; none where nobody can know them. */
    default Set<String> names() {
        return Set.of();
    }

    /**
     * A setting with where it comes from.
     *
     * @param source {@code env}, {@code file}, {@code secret} or {@code default}
     */
    record Known(String value, String source) {}

    /**
     * The settings that are set, by their names in upper case. Of the environment only what can be meant for this program:
     * names that the file or the defaults have too, or that say what they are for, such as {@code …_URL}. Values may be
     * secret: who shows them has to mask them.
     */
    default Map<String, Known> known() {
        return Map.of();
    }

    /**
     * The value of a declared setting, or its default.
     *
     * @throws SettingsException when the value is not good, or when there is neither
     */
    default <T> T get(Setting<T> setting) {
        return find(setting)
                .orElseThrow(() -> new SettingsException("setting " + setting.environmentName() + " is not set"));
    }

    /**
     * As {@link #get(Setting)}; empty when there is neither a value nor a default.
     *
     * @throws SettingsException when the value is not good
     */
    default <T> Optional<T> find(Setting<T> setting) {
        return Optional.ofNullable(setting.reader().read(this, setting));
    }

    /** The value, or the fallback. */
    default String get(String name, String fallback) {
        return find(name).orElse(fallback);
    }

    /**
     * A setting that must be there.
     *
     * @throws SettingsException when it is not set
     */
    default String require(String name) {
        return find(name).orElseThrow(() -> new SettingsException("setting " + name + " is not set"));
    }

    /**
     * A whole number within {@code min..max}.
     *
     * @throws SettingsException when the value is no number or out of the range
     */
    default int integer(String name, int fallback, int min, int max) {
        return (int) integer(name, (long) fallback, min, max);
    }

    /** As {@link #integer(String, int, int, int)} for larger numbers. */
    default long integer(String name, long fallback, long min, long max) {
        Optional<String> text = find(name);
        if (text.isEmpty()) {
            return fallback;
        }
        try {
            long value = Long.parseLong(text.get());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Answered below, with the range: one message for both mistakes.
        }
        throw new SettingsException("setting " + name + " must be a whole number from " + min + " to " + max
                + ", not \"" + text.get() + "\"");
    }

    /**
     * A switch: {@code true} or {@code false} in any case.
     *
     * @throws SettingsException for anything else
     */
    default boolean flag(String name, boolean fallback) {
        Optional<String> text = find(name);
        if (text.isEmpty()) {
            return fallback;
        }
        if (text.get().equalsIgnoreCase("true")) {
            return true;
        }
        if (text.get().equalsIgnoreCase("false")) {
            return false;
        }
        throw new SettingsException("setting " + name + " must be true or false, not \"" + text.get() + "\"");
    }

    /**
     * A length of time: {@code 200} and {@code 200ms} are milliseconds; {@code 30s}, {@code 5m}, {@code 24h},
     * {@code 7d}.
     *
     * @throws SettingsException when the value has another form
     */
    default Duration duration(String name, Duration fallback) {
        return find(name).map(text -> durationOf(name, text)).orElse(fallback);
    }

    /** Parses a length of time as {@link #duration} does; {@code name} is for the message only. */
    static Duration durationOf(String name, String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new SettingsException(
                    "setting " + name + " must be a length of time such as 200, 30s, 5m or 24h, not \"" + text + "\"");
        }
        long amount = Long.parseLong(matcher.group(1));
        @Nullable String unit = matcher.group(2);
        try {
            return switch (unit == null ? "ms" : unit) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                case "d" -> Duration.ofDays(amount);
                default -> Duration.ofMillis(amount);
            };
        } catch (ArithmeticException e) {
            throw new SettingsException("setting " + name + " is too long a time: \"" + text + "\"", e);
        }
    }

    /**
     * The settings of a process.
     *
     * @param environment the environment variables
     * @param file the settings file, or null when there is none
     * @param defaults names and values that hold when nothing else does
     * @throws SettingsException when the file cannot be read, or a {@code ${name}} in it leads nowhere
     */
    static Settings load(Map<String, String> environment, @Nullable Path file, Map<String, String> defaults) {
        return load(environment, file == null ? List.of() : List.of(file), defaults);
    }

    /** As {@link #load(Map, Path, Map)}, from several files: what stands in a later one counts. */
    static Settings load(Map<String, String> environment, List<Path> files, Map<String, String> defaults) {
        return LayeredSettings.load(environment, files, defaults);
    }

    /** The same, where what nobody has set has the defaults of a package. */
    default Settings over(Map<String, String> defaults) {
        return defaults.isEmpty() ? this : new SettingsOverDefaults(this, defaults);
    }

    /** Fixed settings, for tests and for programs that embed Segno. */
    static Settings of(Map<String, String> values) {
        return LayeredSettings.load(Map.of(), List.of(), values);
    }
}
