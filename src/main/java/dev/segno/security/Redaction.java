package dev.segno.security;

import dev.segno.control.SecretNames;
import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of texts that people read: logs, errors, the errors in journals and dead letters, the audit record. By
 * value: what the secret settings hold, and keys that were made here. By key: what stands behind {@code password=} and its
 * like, behind {@code Bearer}, and before the {@code @} of a URL. What runs work with is not changed: the body of a step is
 * recorded as it is.
 *
 * <p>There is one for the process, as there is one log. Immutable, hence safe for concurrent use.
 */
public final class Redaction {

    /** What stands where a secret stood. */
    public static final String MASK = "***";

    /** Shorter values, and numbers, are in texts by chance. */
    private static final int MIN_VALUE = 6;

    private static final Pattern PLAIN = Pattern.compile("true|false|\\d+\\s*(ms|s|m|h|d)?", Pattern.CASE_INSENSITIVE);

    private static final Pattern USER_INFO = Pattern.compile("://[^/?#\\s\"'@]{1,500}@");

    private static final Pattern PAIR = Pattern.compile(
            "(?i)((?:[a-z0-9_.-]{0,64}?(?:password|passwd|secret|token|credentials?|api[_-]?key|admin[_-]?key)|dsn)[\"']?\\s{0,3}[=:]"
                    + "\\s{0,3}[\"']?)[^\\s\"',;&}\\])]+");

    private static final Pattern BEARER = Pattern.compile("(?i)\\b(bearer|basic)\\s+[A-Za-z0-9._~+/=-]{6,}");

    private static final Pattern MADE_HERE = Pattern.compile("(sgn_[A-Za-z0-9_-]{8})_[A-Za-z0-9_-]{43}");

    /** How many values of runs are masked, the latest. */
    private static final int MOST_HIDDEN = 1_000;

    private static volatile Redaction current = new Redaction(Set.of());

    /** Values that runs work with now, and that no setting holds. */
    private static final Set<String> HIDDEN =
            Collections.newSetFromMap(Collections.synchronizedMap(new LinkedHashMap<String, Boolean>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                    return size() > MOST_HIDDEN;
                }
            }));

    private final List<String> values;

    private Redaction(Set<String> values) {
        // The longest first: one may be a part of another.
        this.values = values.stream()
                .sorted(Comparator.comparing(String::length).reversed())
                .toList();
    }

    /** From now on the secrets of these settings are masked in this process, and those of earlier ones no more. */
    public static void use(Settings settings) {
        current = of(settings);
    }

    /** From now on a value is masked in this process, until a thousand others were hidden. Short ones are not. */
    public static void hide(String value) {
        if (value.length() >= MIN_VALUE) {
            HIDDEN.add(value);
        }
    }

    /** A text without secrets. */
    public static String of(String text) {
        String masked = current.mask(text);
        if (HIDDEN.isEmpty()) {
            return masked;
        }
        for (String value : HIDDEN.toArray(String[]::new)) {
            masked = masked.replace(value, MASK);
        }
        return masked;
    }

    static Redaction of(Settings settings) {
        Set<String> values = new TreeSet<>();
        Set<String> names = settings.names();
        for (String name : names) {
            String value;
            try {
                value = settings.get(name, "");
            } catch (SettingsException e) {
                // A file that is not there holds no secret.
                continue;
            }
            Matcher userInfo = USER_INFO.matcher(value);
            while (userInfo.find()) {
                String inside = userInfo.group().substring(3, userInfo.group().length() - 1);
                String password = inside.substring(inside.indexOf(':') + 1);
                add(values, password);
                add(values, decoded(password));
            }
            if ((SecretNames.isSecret(name) && !name.endsWith("_FILE")) || isAddressFromFile(name, names)) {
                add(values, value);
                for (String item : value.split(",")) {
                    add(values, item.strip());
                    add(values, item.substring(item.indexOf('=') + 1).strip());
                }
            }
        }
        return new Redaction(values);
    }

    /** An address that stands in a file stands there because it is secret as a whole. */
    private static boolean isAddressFromFile(String name, Set<String> names) {
        return name.endsWith("_URL") && names.contains(name + "_FILE");
    }

    /** As whoever takes the address apart reads it; as it is where it is no such text. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static void add(Set<String> values, String value) {
        if (value.length() >= MIN_VALUE && !PLAIN.matcher(value).matches()) {
            values.add(value);
        }
    }

    String mask(String text) {
        String masked = text;
        for (String value : values) {
            if (masked.contains(value)) {
                masked = masked.replace(value, MASK);
            }
        }
        if (masked.indexOf('@') >= 0) {
            masked = USER_INFO.matcher(masked).replaceAll("://" + MASK + "@");
        }
        if (masked.indexOf('=') >= 0 || masked.indexOf(':') >= 0) {
            masked = PAIR.matcher(masked).replaceAll("$1" + MASK);
        }
        if (masked.indexOf(' ') >= 0) {
            masked = BEARER.matcher(masked).replaceAll("$1 " + MASK);
        }
        return masked.contains("sgn_") ? MADE_HERE.matcher(masked).replaceAll("$1_" + MASK) : masked;
    }
}
