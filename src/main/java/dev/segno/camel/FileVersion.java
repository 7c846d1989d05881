package dev.segno.camel;

import dev.segno.camel.yaml.Placeholder;
import dev.segno.camel.yaml.RouteFile;
import dev.segno.control.SecretNames;
import dev.segno.security.Redaction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of a file.
 *
 * @param hash   of the file's canonical content and of {@code values}; for a file without an orchestration also of its
 *               path, since its routes need ids that differ from those of other files
 * @param values what its placeholders resolve to; secrets are left out, and so is what has no value yet. Where a secret stands
 *               inside of a value, as a password does in a URL, a mask stands for it, and the value is resolved anew
 */
record FileVersion(String hash, Map<String, String> values) {

    private static final int HASH_BYTES = 8;

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??([A-Za-z0-9_.-]+)((?::[^{}]*)?}})?");

    /** The version of a file under the settings as they are now. */
    static FileVersion of(RouteFile file, Function<String, Optional<String>> settings) {
        Map<String, String> values = new TreeMap<>();
        for (Placeholder placeholder : file.placeholders()) {
            // Settings that are secret go into a version by their names only, and are resolved anew by each process.
            if (placeholder.isSetting() && !SecretNames.isSecret(placeholder.name())) {
                settings.apply(placeholder.name())
                        .or(() -> Optional.ofNullable(placeholder.defaultValue()))
                        .ifPresent(value -> values.put(placeholder.name(), Redaction.of(value)));
            }
        }
        String content = file.canonical();
        String pinned = Json.text(values);
        return new FileVersion(
                file.orchestrations().isEmpty() ? hash(file.path(), content, pinned) : hash(content, pinned), values);
    }

    /**
     * Changes a text but for the placeholders of secret settings: they are left to Camel, which resolves them when the
     * route is built. A text in which one of them holds another placeholder is left as it is.
     *
     * @param values of the version
     */
    static String aroundSecrets(String text, Map<String, String> values, UnaryOperator<String> change) {
        StringBuilder changed = new StringBuilder();
        int from = 0;
        for (Matcher found = PLACEHOLDER.matcher(text); found.find(); ) {
            String name = found.group(1);
            if (SecretNames.isSecret(name) || values.getOrDefault(name, "").contains(Redaction.MASK)) {
                if (found.group(2) == null) {
                    return text;
                }
                changed.append(change.apply(text.substring(from, found.start())))
                        .append(found.group());
                from = found.end();
            }
        }
        return changed.append(change.apply(text.substring(from))).toString();
    }

    private static String hash(String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
