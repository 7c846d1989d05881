package dev.segno.security;

import dev.segno.control.SettingsException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keys with names, so that one can be taken back without the others. Only their SHA-256 digests are kept; looking one up
 * takes the same time whether it is there or not. Immutable, hence safe for concurrent use.
 */
public final class NamedKeys {

    /** No keys at all. */
    public static final NamedKeys NONE = new NamedKeys(Map.of());

    /** {@code name=key}. A key never begins with {@code =}, so a key in Base64 with padding is not taken for a pair. */
    private static final Pattern PAIR = Pattern.compile("([A-Za-z0-9._-]{1,64})=([^=].*)");

    private static final int MAX_PRESENTED = 4096;

    private final Map<String, byte[]> digests;

    private NamedKeys(Map<String, byte[]> digests) {
        this.digests = digests;
    }

    /**
     * Reads {@code name=key,name=key}.
     *
     * @param setting the setting's name, for messages
     * @throws SettingsException when an item has no name, is empty or is there twice; the message never holds a key
     */
    public static NamedKeys parse(String setting, String text) {
        return parse(setting, text, false);
    }

    /** One key, which may hold any character. */
    static NamedKeys of(String name, String key) {
        return new NamedKeys(Map.of(name, digest(key)));
    }

    /** As {@link #parse}; an item without a name is a key too, named {@code default}, {@code default-2} and so on. */
    public static NamedKeys parseLenient(String setting, String text) {
        return parse(setting, text, true);
    }

    private static NamedKeys parse(String setting, String text, boolean lenient) {
        Map<String, byte[]> digests = new LinkedHashMap<>();
        int position = 0;
        for (String part : text.split(",", -1)) {
            position++;
            String item = part.strip();
            Matcher pair = PAIR.matcher(item);
            String name;
            String key;
            if (pair.matches()) {
                name = pair.group(1);
                key = pair.group(2);
            } else if (lenient && !item.isEmpty()) {
                name = position == 1 ? "default" : "default-" + position;
                key = item;
            } else {
                throw new SettingsException(
                        "setting " + setting + ": item " + position + " must have the form name=key");
            }
            if (digests.put(name, digest(key)) != null) {
                throw new SettingsException("setting " + setting + ": the name " + name + " is there twice");
            }
        }
        return new NamedKeys(digests);
    }

    public boolean isEmpty() {
        return digests.isEmpty();
    }

    /** Whether a name or a key is among both. */
    boolean shares(NamedKeys other) {
        return digests.keySet().stream().anyMatch(other.digests::containsKey)
                || digests.values().stream()
                        .anyMatch(one ->
                                other.digests.values().stream().anyMatch(two -> MessageDigest.isEqual(one, two)));
    }

    /** The name of a presented key, or empty when it is none of these. */
    public Optional<String> nameOf(String presented) {
        if (presented.length() > MAX_PRESENTED) {
            return Optional.empty();
        }
        byte[] digest = digest(presented);
        @Nullable String found = null;
        for (Map.Entry<String, byte[]> entry : digests.entrySet()) {
            // Every entry is compared, so the time does not tell which one matched.
            if (MessageDigest.isEqual(entry.getValue(), digest)) {
                found = entry.getKey();
            }
        }
        return Optional.ofNullable(found);
    }

    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Says how many, never which. */
    @Override
    public String toString() {
        return "NamedKeys[" + digests.size() + "]";
    }
}
