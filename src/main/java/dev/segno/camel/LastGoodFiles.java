package dev.segno.camel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The texts that files had when they last loaded, so that a file which is broken when the process starts serves as it did
 * before. A copy that cannot be written or read is done without. Used by one thread at a time.
 */
final class LastGoodFiles {
    private static final Logger LOG = LoggerFactory.getLogger(LastGoodFiles.class);

    private final Path directory;

    LastGoodFiles(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    void keep(String path, String text) {
        Path file = place(path);
        try {
            if (Files.exists(file) && Files.readString(file).equals(text)) {
                return;
            }
            Files.createDirectories(file.getParent());
            Path next = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(next, text);
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("{} cannot be kept as it is; if it is broken at the next start, it is left out", path, e);
        }
    }

    Optional<String> find(String path) {
        try {
            Path file = place(path);
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            LOG.warn("What {} was before cannot be read", path, e);
            return Optional.empty();
        }
    }

    void forget(String path) {
        try {
            Files.deleteIfExists(place(path));
        } catch (IOException e) {
            LOG.warn("What {} was before cannot be deleted", path, e);
        }
    }

    /** Forgets all files but these. */
    void retain(Set<String> paths) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        List<String> kept;
        try (Stream<Path> files = Files.walk(directory)) {
            kept = files.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString().replace('\\', '/'))
                    .toList();
        } catch (IOException e) {
            LOG.warn("{} cannot be read", directory, e);
            return;
        }
        kept.stream().filter(path -> !paths.contains(path)).forEach(this::forget);
    }

    private Path place(String path) {
        Path file = directory.resolve(path).normalize();
        if (!file.startsWith(directory)) {
            throw new IllegalArgumentException(path + " leads out of the routes' directory");
        }
        return file;
    }
}
