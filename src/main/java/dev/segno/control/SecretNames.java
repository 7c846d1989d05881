package dev.segno.control;

import java.util.List;
import java.util.Locale;

/** Which settings are secret, by their names. One rule for all who mask. Stateless. */
public final class SecretNames {

    private static final List<String> WORDS =
            List.of("password", "passwd", "secret", "token", "key", "credential", "auth", "dsn", "private");

    private SecretNames() {}

    /** Whether a setting may stand in a file of its own: one that is secret, or an address, which may hold a password. */
    static boolean mayStandInAFile(String canonical) {
        return isSecret(canonical) || canonical.endsWith("_URL");
    }

    /** Whether a name, in any case, holds one of the words that name secrets. */
    public static boolean isSecret(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return WORDS.stream().anyMatch(lower::contains);
    }
}
