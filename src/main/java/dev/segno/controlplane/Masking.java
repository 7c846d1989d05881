package dev.segno.controlplane;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Replaces what is secret, by its name and by its form. Nothing of it is left, not its length. Stateless. */
final class Masking {

    static final String MASK = "***";

    private static final Set<String> SECRET_WORDS =
            Set.of("password", "passwd", "secret", "token", "key", "credential", "auth", "dsn", "private");

    /** A URL may be anything between two spaces that holds {@code ://}. */
    private static final Pattern USER = Pattern.compile("(?<=://)([^/?#\\s:@]*):[^/?#\\s]*@");

    private static final Pattern USER_WITHOUT_PASSWORD = Pattern.compile("(?<=://)[^/?#\\s:@*]+@");

    private static final Pattern PARAMETER = Pattern.compile("(?<=[?&])([^=&#\\s]*)=([^&#\\s]*)");

    private Masking() {}

    /** Whether values of this name are secret. */
    static boolean isSecret(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return SECRET_WORDS.stream().anyMatch(lower::contains);
    }

    /** The value as it may be shown. */
    static String value(String name, String value) {
        return isSecret(name) ? MASK : text(value);
    }

    /** A text without passwords of URLs and values of their secret parameters. */
    static String text(String value) {
        if (!value.contains("://") && !value.contains("?")) {
            return value;
        }
        String masked = USER.matcher(value).replaceAll("$1:" + MASK + "@");
        masked = USER_WITHOUT_PASSWORD.matcher(masked).replaceAll(MASK + "@");
        return PARAMETER
                .matcher(masked)
                .replaceAll(parameter -> isSecret(parameter.group(1))
                        ? Matcher.quoteReplacement(parameter.group(1) + "=" + MASK)
                        : Matcher.quoteReplacement(parameter.group()));
    }

    /** A JSON value as it may be shown. */
    static @Nullable Object tree(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> masked = new LinkedHashMap<>();
            map.forEach((name, member) ->
                    masked.put(String.valueOf(name), isSecret(String.valueOf(name)) ? MASK : tree(member)));
            return masked;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> masked = new ArrayList<>();
            list.forEach(item -> masked.add(tree(item)));
            return masked;
        }
        return value instanceof String text ? text(text) : value;
    }
}
