package dev.segno;

import dev.segno.camel.RouteLoader;
import dev.segno.camel.RouteSource;
import dev.segno.camel.yaml.Problem;
import dev.segno.control.SettingsException;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads route files as they are saved, on a thread of its own.
 *
 * <p>The operating system only says that something happened; what has happened is found by looking at all files again,
 * once nothing has happened for a moment. So it makes no difference in which way an editor saves, whether a file is
 * written in pieces, or whether a notice got lost. Links to directories are not followed.
 */
final class RouteWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RouteWatcher.class);

    /** Nothing has happened for so long: whoever was writing has written. */
    private static final Duration QUIET = Duration.ofMillis(200);

    /** Whatever happens, files are looked at after so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** How often old routes are taken out, when nothing happens. */
    private static final Duration SWEEP = Duration.ofSeconds(1);

    private final RouteLayout layout;
    private final RouteLoader loader;
    private final @Nullable WatchService events;
    private final Map<String, Seen> seen = new HashMap<>();
    private final Set<String> changedJars = new HashSet<>();
    private final Thread thread = new Thread(this::run, "segno-routes");
    private volatile boolean closed;

    /** A file as it was when it was last loaded: by these an editor's save shows. */
    private record Seen(Path file, @Nullable Object key, long millis, long size) {}

    private RouteWatcher(RouteLayout layout, RouteLoader loader, @Nullable WatchService events) {
        this.layout = layout;
        this.loader = loader;
        this.events = events;
        thread.setDaemon(true);
    }

    /**
     * Begins to watch.
     *
     * @param layout whose files have been loaded
     * @param before how they were when they were read; see {@link #look}
     * @param watch  false only takes out old routes from time to time
     */
    static RouteWatcher begin(RouteLayout layout, RouteLoader loader, Look before, boolean watch) throws IOException {
        RouteWatcher watcher = new RouteWatcher(
                layout, loader, watch ? FileSystems.getDefault().newWatchService() : null);
        watcher.seen.putAll(before.files);
        watcher.thread.start();
        return watcher;
    }

    /** How the files of a layout are at a moment. */
    static final class Look {
        private final Map<String, Seen> files = new HashMap<>();

        private Look() {}
    }

    /** Looks at the files of a layout; taken before they are read, it does not miss what is saved meanwhile. */
    static Look look(List<RouteSource> sources) {
        Look look = new Look();
        for (RouteSource source : sources) {
            Seen seen = seen(source);
            if (seen != null) {
                look.files.put(source.path(), seen);
            }
        }
        return look;
    }

    private static @Nullable Seen seen(RouteSource source) {
        try {
            BasicFileAttributes now = Files.readAttributes(source.file(), BasicFileAttributes.class);
            return new Seen(source.file(), now.fileKey(), now.lastModifiedTime().toMillis(), now.size());
        } catch (IOException e) {
            // Gone between two looks, or a link that leads nowhere: the checker tells which.
            return Files.exists(source.file(), LinkOption.NOFOLLOW_LINKS) ? new Seen(source.file(), null, 0, -1) : null;
        }
    }

    private void run() {
        try {
            register();
            // What was saved while nobody watched.
            load();
            while (!closed) {
                if (awaitEvents()) {
                    register();
                    load();
                }
                loader.sweep();
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            LOG.debug("Route files are no longer watched");
        }
    }

    /** Waits for something to happen, and then until nothing happens. False if nothing did. */
    private boolean awaitEvents() throws InterruptedException {
        if (events == null) {
            Thread.sleep(SWEEP.toMillis());
            return false;
        }
        WatchKey key = events.poll(SWEEP.toMillis(), TimeUnit.MILLISECONDS);
        if (key == null) {
            return false;
        }
        long latest = System.nanoTime() + PATIENCE.toNanos();
        while (key != null) {
            for (WatchEvent<?> event : key.pollEvents()) {
                if (event.context() instanceof Path file) {
                    tellOfWhatIsNotReloaded(file.toString());
                }
            }
            key.reset();
            key = System.nanoTime() < latest ? events.poll(QUIET.toMillis(), TimeUnit.MILLISECONDS) : null;
        }
        return true;
    }

    private void tellOfWhatIsNotReloaded(String file) {
        if (file.equals("openapi.yaml")) {
            LOG.warn("{} was changed; it counts from the next start on", file);
        } else if (file.endsWith(".jar") && changedJars.add(file)) {
            LOG.warn("{} was changed; restart to take it: classes are not loaded again while the process runs", file);
        }
    }

    /** New directories are watched too; to register one again does nothing. */
    private void register() {
        if (events == null) {
            return;
        }
        for (RouteLayout.Place place : layout.places()) {
            // A directory may come later: then what holds it tells.
            register(place.root(), 1);
            register(place.directory(), Integer.MAX_VALUE);
        }
    }

    private void register(Path directory, int depth) {
        if (events == null || !Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> below = depth == 1 ? Stream.of(directory) : Files.walk(directory, depth)) {
            for (Path folder : below.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                folder.register(
                        events,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            LOG.warn("{} cannot be watched: {}", directory, e.toString());
        }
    }

    private void load() {
        if (events == null) {
            return;
        }
        try {
            List<RouteSource> sources = layout.look();
            Look now = look(sources);
            boolean changed = false;
            for (RouteSource source : sources) {
                Seen current = now.files.get(source.path());
                if (current != null && !current.equals(seen.get(source.path()))) {
                    seen.put(source.path(), current);
                    loader.reload(source);
                    changed = true;
                }
            }
            for (String path : List.copyOf(seen.keySet())) {
                if (!now.files.containsKey(path) && isInPlace(path)) {
                    seen.remove(path);
                    loader.remove(path);
                    changed = true;
                }
            }
            if (changed) {
                retryRefused(sources);
            }
        } catch (SettingsException e) {
            LOG.error("The route files could not be looked at, nothing is changed: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("The route files could not be loaded", e);
        }
    }

    /** What was wrong with a file may have been another one: a name that it had too, a kamelet without an option. */
    private void retryRefused(List<RouteSource> sources) {
        for (RouteSource source : sources) {
            if (loader.problemsOf(source.path()).stream().anyMatch(Problem::isError)) {
                loader.reload(source);
            }
        }
    }

    /** A file is gone only if the directory that it was below is still there: one may be unmounted, or moved and put back. */
    private boolean isInPlace(String path) {
        Seen gone = seen.get(path);
        return gone != null
                && layout.places().stream()
                        .filter(place -> gone.file().startsWith(place.directory()))
                        .anyMatch(place -> Files.isDirectory(place.root()));
    }

    @Override
    public void close() {
        closed = true;
        try {
            if (events != null) {
                events.close();
            }
            thread.interrupt();
            thread.join(PATIENCE.toMillis());
        } catch (IOException e) {
            LOG.debug("Watching did not end cleanly", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
