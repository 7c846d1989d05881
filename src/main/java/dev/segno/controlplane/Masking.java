package dev.segno.controlplane;

import dev.segno.control.SecretNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Replaces what is secret, by its name and by its form. Nothing of it is left, not its length. Stateless. */
final class Masking {

    static final String MASK = "***";

    /** A URL may be anything between two spaces that holds {@code ://}. */
    private static final Pattern USER = Pattern.compile("(?<=://)([^/?#\\s:@]*):[^/?#\\s]*@");

    private static final Pattern USER_WITHOUT_PASSWORD = Pattern.compile("(?<=://)[^/?#\\s:@*]+@");

    private static final Pattern PARAMETER = Pattern.compile("(?<=[?&])([^=&#\\s]*)=([^&#\\s]*)");

    private Masking() {}

    /** The value as it may be shown. */
    static String value(String name, String value) {
        return SecretNames.isSecret(name) ? MASK : text(value);
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
                .replaceAll(parameter -> SecretNames.isSecret(parameter.group(1))
                        ? Matcher.quoteReplacement(parameter.group(1) + "=" + MASK)
                        : Matcher.quoteReplacement(parameter.group()));
    }

    /** A JSON value as it may be shown. */
    static @Nullable Object tree(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> masked = new LinkedHashMap<>();
            map.forEach((name, member) ->
                    masked.put(String.valueOf(name), SecretNames.isSecret(String.valueOf(name)) ? MASK : tree(member)));
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
