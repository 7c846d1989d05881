package dev.segno.security;

import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The file that {@code API_TOKENS_FILE} names: a line for each token, {@code NAME ROLE TOKEN}, or
 * {@code NAME ROLE sha256:HEX} for one that is known by its digest. Empty lines and those that begin with {@code #} say nothing.
 */
final class TokensFile {

    static final String SETTING = "API_TOKENS_FILE";

    private TokensFile() {}

    /**
     * The tokens of a node, if it has such a file.
     *
     * @throws SettingsException when the file cannot be read or has another form; the message names the line, never a token
     */
    static Optional<GlobalKeys> from(Settings settings) {
        return settings.find(SETTING).map(file -> read(Path.of(file)));
    }

    private static GlobalKeys read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new SettingsException("setting " + SETTING + ": " + file + " is not UTF-8", e);
        } catch (IOException e) {
            throw new SettingsException("setting " + SETTING + ": " + file + " cannot be read", e);
        }
        Map<Role, Map<String, byte[]>> digests = new EnumMap<>(Role.class);
        Set<String> seen = new HashSet<>();
        int number = 0;
        for (String line : lines) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.strip().split("\\s+", 3);
            Optional<Role> role = parts.length == 3 ? Role.of(parts[1]) : Optional.empty();
            if (role.isEmpty() || !parts[0].matches("[A-Za-z0-9._-]{1,64}")) {
                throw new SettingsException(file + ":" + number
                        + ": a line has the form NAME ROLE TOKEN, with one of the roles " + Role.names());
            }
            byte[] digest = digest(parts[2]);
            if (!seen.add(parts[0]) || !seen.add(java.util.HexFormat.of().formatHex(digest) + " ")) {
                throw new SettingsException(file + ":" + number + ": the name or the token is there twice");
            }
            digests.computeIfAbsent(role.get(), none -> new LinkedHashMap<>()).put(parts[0], digest);
        }
        Map<Role, NamedKeys> byRole = new EnumMap<>(Role.class);
        digests.forEach((role, keys) -> byRole.put(role, NamedKeys.ofDigests(keys)));
        return new GlobalKeys(byRole);
    }

    private static byte[] digest(String token) {
        return token.matches("sha256:[0-9a-fA-F]{64}")
                ? java.util.HexFormat.of().parseHex(token.substring(7))
                : Sha256.of(token);
    }
}
