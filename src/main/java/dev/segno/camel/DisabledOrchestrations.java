package dev.segno.camel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Names of the orchestrations that take no new runs until they are enabled again, kept over restarts. Thread-safe. */
final class DisabledOrchestrations {

    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private @Nullable Path file;

    /** Reads what a file has, and writes each change to it. */
    synchronized void keepIn(Path kept) throws IOException {
        if (Files.exists(kept)) {
            names.addAll(Files.readAllLines(kept));
        }
        file = kept;
    }

    boolean contains(String name) {
        return names.contains(name);
    }

    /** Enables or disables one; whether that changed anything. Nothing changes when it cannot be written. */
    synchronized boolean set(String name, boolean disabled) throws IOException {
        Set<String> next = new TreeSet<>(names);
        if (disabled ? !next.add(name) : !next.remove(name)) {
            return false;
        }
        Path kept = file;
        if (kept != null) {
            Path written = kept.resolveSibling(kept.getFileName() + ".new");
            Files.write(written, next);
            Files.move(written, kept, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
        names.retainAll(next);
        names.addAll(next);
        return true;
    }
}
