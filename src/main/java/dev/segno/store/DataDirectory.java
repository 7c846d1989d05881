package dev.segno.store;

import dev.segno.run.StoreUnavailable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A data directory that belongs to this store alone, by a lock on its {@code segno.lock} that the operating system
 * gives back when the process ends, however it ends.
 */
final class DataDirectory implements AutoCloseable {

    /** Locked far behind the id in the file, which others can then read also where locks are mandatory. */
    private static final long LOCK_POSITION = Long.MAX_VALUE - 1;

    /**
     * Directories that this process holds. A POSIX lock is lost as soon as the process closes any descriptor of the
     * file, so a second attempt from inside must be refused before it touches it.
     */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lockFile;

    private DataDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Creates the directory where it is missing and takes it.
     *
     * @throws StoreInUse       when another store has it
     * @throws StoreUnavailable when it is not a directory or cannot be written
     */
    static DataDirectory take(Path directory) {
        Path path = real(directory);
        if (!HELD_HERE.add(path)) {
            throw new StoreInUse(path, OptionalLong.of(ProcessHandle.current().pid()));
        }
        try {
            return lock(path);
        } catch (RuntimeException e) {
            HELD_HERE.remove(path);
            throw e;
        }
    }

    private static Path real(Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        if (Files.exists(absolute) && !Files.isDirectory(absolute)) {
            throw new StoreUnavailable("Data directory " + absolute + " is a file: name a directory");
        }
        try {
            return Files.createDirectories(absolute).toRealPath();
        } catch (IOException e) {
            throw new StoreUnavailable("Data directory " + absolute + " cannot be created: " + reason(e), e);
        }
    }

    private static DataDirectory lock(Path path) {
        Path file = path.resolve("segno.lock");
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                @Nullable FileLock lock = channel.tryLock(LOCK_POSITION, 1, false);
                if (lock == null) {
                    throw new StoreInUse(path, holder(channel));
                }
                channel.truncate(0);
                channel.write(
                        ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
                return new DataDirectory(path, channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StoreUnavailable("Data directory " + path + " cannot be written: " + reason(e), e);
        }
    }

    private static OptionalLong holder(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(32);
        channel.read(buffer, 0);
        String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII).strip();
        return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + " " + e.getMessage();
    }

    Path path() {
        return path;
    }

    Path database() {
        return path.resolve("segno.db");
    }

    Path writeAheadLog() {
        return path.resolve("segno.db-wal");
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new StoreUnavailable("Data directory " + path + " cannot be given back: " + reason(e), e);
        } finally {
            HELD_HERE.remove(path);
        }
    }
}
