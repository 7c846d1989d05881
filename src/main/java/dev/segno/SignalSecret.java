package dev.segno;

import dev.segno.control.Settings;
import dev.segno.control.SettingsCatalog;
import dev.segno.control.SettingsException;
import dev.segno.run.WaitTokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The secret behind the tokens of waits: the setting {@code SEGNO_SIGNAL_SECRET}, which all nodes on one store must
 * share, or one that is made at the first start and kept in the data directory, for its owner's eyes only.
 */
final class SignalSecret {

    private static final String FILE = "signal.secret";

    private SignalSecret() {}

    static WaitTokens tokens(Settings settings, Path data) {
        Optional<String> set = settings.find(SettingsCatalog.SIGNAL_SECRET);
        byte[] secret =
                set.map(text -> text.getBytes(StandardCharsets.UTF_8)).orElseGet(() -> kept(data.resolve(FILE)));
        try {
            return new WaitTokens(secret);
        } catch (IllegalArgumentException e) {
            throw new SettingsException(
                    set.isPresent()
                            ? "SEGNO_SIGNAL_SECRET is too short: give at least " + WaitTokens.SECRET_BYTES
                                    + " characters"
                            : data.resolve(FILE)
                                    + " is damaged: remove it, and tokens that were given away lose their worth",
                    e);
        }
    }

    /** What {@code secrets:} seals with: made at the first use, and kept beside the other. */
    static byte[] ofSeal(Path data) {
        return kept(data.resolve("seal.secret"));
    }

    private static byte[] kept(Path file) {
        try {
            if (!Files.exists(file)) {
                byte[] secret = new byte[WaitTokens.SECRET_BYTES];
                new SecureRandom().nextBytes(secret);
                write(file, HexFormat.of().formatHex(secret));
            }
            return HexFormat.of().parseHex(Files.readString(file).strip());
        } catch (IOException | IllegalArgumentException e) {
            throw new SettingsException("The secret of signal tokens in " + file + " cannot be used: " + e, e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] onlyOwner = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try {
            Files.createFile(file, onlyOwner);
            Files.writeString(file, text);
        } catch (FileAlreadyExistsException e) {
            throw new IOException("another process made it at the same moment; start again", e);
        }
    }
}
