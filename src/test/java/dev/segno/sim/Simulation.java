package dev.segno.sim;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.segno.run.SettableClock;
import dev.segno.store.SqliteRunStore;
import dev.segno.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Executes seeds, one after the other, on one real store. It lies in memory where there is a file system for that: what a
 * disk loses with the power is not what is simulated here. Not thread-safe.
 */
final class Simulation implements AutoCloseable {

    private static final Path IN_MEMORY = Path.of("/dev/shm");
    private static final Logger ENGINE_LOG = (Logger) LoggerFactory.getLogger("dev.segno.run");

    private final SettableClock clock = new SettableClock(World.NOON);
    private final @Nullable Level levelBefore = ENGINE_LOG.getLevel();
    private Path directory;
    private SqliteRunStore disk;

    Simulation() {
        ENGINE_LOG.setLevel(Level.OFF);
        directory = newDirectory();
        disk = open();
    }

    private static Path newDirectory() {
        try {
            return Files.isWritable(IN_MEMORY)
                    ? Files.createTempDirectory(IN_MEMORY, "segno-sim")
                    : Files.createTempDirectory("segno-sim");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private SqliteRunStore open() {
        return SqliteRunStore.open(directory, StoreSettings.defaults().withWal(4_000, false), clock);
    }

    Trace run(long seed, Faults faults) {
        Trace trace = new World(seed, disk, clock, faults).run();
        if (!trace.violations().isEmpty()) {
            // What is left behind must not be taken for a part of the next one.
            clear();
            directory = newDirectory();
            disk = open();
        }
        return trace;
    }

    private void clear() {
        disk.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : List.copyOf(files.sorted(Comparator.reverseOrder()).toList())) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        clear();
        ENGINE_LOG.setLevel(levelBefore);
    }
}
