package dev.segno.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Where the code of SQLite lies. The driver unpacks it into the temporary directory at each start, and a process that is
 * killed leaves its copy there; here there is one copy for all starts.
 */
public final class NativeLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

    private static final String DIRECTORY = "org.sqlite.lib.path";
    private static final String NAME = "org.sqlite.lib.name";

    private NativeLibrary() {}

    /**
     * Makes this process load SQLite from a data directory. Counts before the first store is opened; where it cannot be, and
     * where the system properties of the driver say otherwise, everything stays as it is.
     */
    public static void keepIn(Path dataDirectory) {
        if (System.getProperty(DIRECTORY) != null) {
            return;
        }
        Path directory = dataDirectory.resolve("native").toAbsolutePath();
        String name = SQLiteJDBCLoader.getVersion() + "-" + LibraryLoaderUtil.getNativeLibName();
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
        try {
            unpack(resource, directory.resolve(name));
        } catch (IOException e) {
            LOG.debug("SQLite is not kept in {}", directory, e);
            return;
        }
        System.setProperty(DIRECTORY, directory.toString());
        System.setProperty(NAME, name);
    }

    private static void unpack(String resource, Path file) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        Files.createDirectories(file.getParent());
        Path unfinished = Files.createTempFile(file.getParent(), "unfinished", "");
        try (InputStream library = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            if (library == null) {
                throw new IOException("The driver has no library for this system: " + resource);
            }
            Files.copy(library, unfinished, StandardCopyOption.REPLACE_EXISTING);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
