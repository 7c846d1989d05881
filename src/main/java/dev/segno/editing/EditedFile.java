package dev.segno.editing;

import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One file below a routes' directory, reached through folders alone: a link anywhere on the way is refused. It is replaced
 * as a whole or not at all. Used by one thread.
 */
final class EditedFile {

    /** Files of routes are much smaller. What is larger is none of theirs, and is not read. */
    private static final int MAX_BYTES = 16 << 20;

    private final Path file;
    private final Path next;
    private final Deque<Path> made = new ArrayDeque<>();

    private EditedFile(Path file) {
        this.file = file;
        // No loader looks at such a name. Always the same one, so that a crash leaves at most one behind.
        this.next = file.resolveSibling("." + file.getFileName() + ".new");
    }

    /**
     * @param root the routes' directory, which may itself be a link
     * @throws ApiException with status 403 when a link is on the way, 409 when something else is that does not belong there
     */
    static EditedFile at(Path root, RoutePath path) throws IOException {
        Path place = root.toRealPath();
        List<String> names = path.names();
        for (int i = 0; i < names.size(); i++) {
            place = place.resolve(names.get(i));
            if (Files.isSymbolicLink(place)) {
                throw new ApiException(new ApiError(
                        403, "forbidden", "'" + names.get(i) + "' is a link; links are not followed here"));
            }
            boolean last = i == names.size() - 1;
            boolean asExpected = last
                    ? Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)
                    : Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS);
            if (!asExpected && Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                throw new ApiException(new ApiError(
                        409, "conflict", "'" + names.get(i) + "' is no " + (last ? "regular file" : "folder")));
            }
        }
        return new EditedFile(place);
    }

    /** The file's content; null when there is none. */
    byte @Nullable [] read() throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new ApiException(new ApiError(409, "conflict", "The file is too large to be a route file"));
            }
            return bytes;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Writes what the file is to hold beside it, onto the disk. Nothing of the file changes until {@link #commit}. */
    void prepare(byte[] bytes) throws IOException {
        makeFolders();
        Files.deleteIfExists(next);
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private void makeFolders() throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path folder = folder(); !Files.exists(folder, LinkOption.NOFOLLOW_LINKS); folder = parent(folder)) {
            missing.push(folder);
        }
        for (Path folder : missing) {
            Files.createDirectory(folder);
            made.push(folder);
            sync(parent(folder));
        }
    }

    /** Lets what was prepared take the file's place, in one moment and for good. */
    void commit() throws IOException {
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        made.clear();
        sync(folder());
    }

    /** Takes back what was prepared and has not become the file. */
    void discard() throws IOException {
        Files.deleteIfExists(next);
        while (!made.isEmpty()) {
            Files.deleteIfExists(made.pop());
        }
    }

    void delete() throws IOException {
        Files.delete(file);
        sync(folder());
    }

    private Path folder() {
        return parent(file);
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalStateException(path + " is below a routes' directory");
        }
        return parent;
    }

    /** The names in a folder are on the disk only when the folder is. */
    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
