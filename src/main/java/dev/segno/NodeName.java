package dev.segno;

import dev.segno.control.Settings;
import dev.segno.control.SettingsCatalog;
import dev.segno.control.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What this node is called among others: the setting {@code SEGNO_NODE_NAME}, or a name that is made when it is first needed and kept in
 * the data directory, so that a node that comes back finds what it had in hand.
 */
final class NodeName {

    private static final String FILE = "node.name";

    private NodeName() {}

    static String of(Settings settings, Path data) {
        return settings.find(SettingsCatalog.NODE_NAME).orElseGet(() -> kept(data.resolve(FILE)));
    }

    private static String kept(Path file) {
        try {
            if (!Files.exists(file)) {
                byte[] random = new byte[4];
                new SecureRandom().nextBytes(random);
                Files.writeString(file, "segno-" + HexFormat.of().formatHex(random));
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new SettingsException("The name of this node in " + file + " cannot be used: " + e, e);
        }
    }
}
