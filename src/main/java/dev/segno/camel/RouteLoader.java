package dev.segno.camel;

import dev.segno.camel.LoadedFiles.Loaded;
import dev.segno.camel.RouteVersions.Build;
import dev.segno.camel.yaml.CheckSettings;
import dev.segno.camel.yaml.CheckedRouteFile;
import dev.segno.camel.yaml.Problem;
import dev.segno.camel.yaml.RouteFile;
import dev.segno.camel.yaml.RouteFileChecker;
import dev.segno.run.Definition;
import dev.segno.run.Engine;
import dev.segno.run.UnknownOrchestration;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads files beside the running set and swaps them in. A file that does not load changes nothing but the problems that
 * are known of it.
 *
 * <p>Thread-safe; files are loaded one at a time.
 */
public final class RouteLoader {
    private static final Logger LOG = LoggerFactory.getLogger(RouteLoader.class);

    private final RouteVersions versions;
    private final SharedConfigurations configurations;
    private final Kamelets kamelets;
    private final Supplier<Engine> engine;
    private final Clock clock;
    private final Function<String, Optional<String>> settings;
    private final CheckSettings checks;
    private final RouteSwap swap;
    private @Nullable LastGoodFiles lastGood;
    private final LoadedFiles files = new LoadedFiles();

    /**
     * A file of the routes' directory as it is now.
     *
     * @param path     below the directory, with {@code /} between folders
     * @param source   the text that is in use; null if the file never loaded
     * @param names    orchestrations that it defines
     * @param version  version that new runs take; null without an orchestration
     * @param loadedAt when it came into use; null if it never did
     * @param problems what is wrong with what is on disk; an older text is in use then, if there was one
     */
    public record FileState(
            String path,
            @Nullable String source,
            List<String> names,
            @Nullable String version,
            @Nullable Instant loadedAt,
            List<Problem> problems) {

        /** Whether what is on disk could not be loaded. */
        public boolean failed() {
            return problems.stream().anyMatch(Problem::isError);
        }
    }

    RouteLoader(
            RouteVersions versions,
            SharedConfigurations configurations,
            Kamelets kamelets,
            Supplier<Engine> engine,
            Clock clock,
            Function<String, Optional<String>> settings,
            CheckSettings checks) {
        this.versions = versions;
        this.configurations = configurations;
        this.kamelets = kamelets;
        this.engine = engine;
        this.clock = clock;
        this.settings = settings;
        this.checks = checks;
        this.swap = new RouteSwap(versions);
    }

    /**
     * Keeps what loaded, for a start at which a file is broken, and which orchestrations are disabled. Called before the
     * first file is loaded.
     */
    public synchronized void keepIn(Path data) throws IOException {
        lastGood = new LastGoodFiles(data.resolve("last-good-routes"));
        versions.disabled().keepIn(data.resolve("disabled-orchestrations"));
    }

    /**
     * Lets an orchestration take new runs, or none until it is enabled again; holds over restarts. Runs under way go on.
     *
     * @throws UnknownOrchestration when none of that name is loaded
     */
    public synchronized void enable(String name, boolean enabled) throws IOException {
        if (!versions.names().contains(name)) {
            throw new UnknownOrchestration(name);
        }
        if (versions.disabled().set(name, !enabled)) {
            LOG.info("Orchestration {} is {}", name, enabled ? "enabled" : "disabled: it takes no new runs");
        }
    }

    /** Whether an orchestration takes new runs, as far as {@link #enable} says. */
    public boolean isEnabled(String name) {
        return !versions.disabled().contains(name);
    }

    /**
     * Loads a file, in the place of the one that was loaded from the same path. On any error nothing changes.
     *
     * @return what is wrong with the file; errors mean that it is not in use
     */
    public synchronized List<Problem> apply(CheckedRouteFile checked) {
        String path = checked.path();
        List<Problem> found = tryToLoad(checked);
        files.tell(path, found);
        if (lastGood != null && found.stream().noneMatch(Problem::isError)) {
            lastGood.keep(path, Objects.requireNonNull(checked.file()).text());
        } else if (lastGood != null && !files.holds(path)) {
            lastGood.find(path).ifPresent(text -> {
                if (tryToLoad(RouteFileChecker.checkKept(path, text, checks)).stream()
                        .noneMatch(Problem::isError)) {
                    LOG.warn("{} serves as it was when it last loaded", path);
                }
            });
        }
        return found;
    }

    /** Reads a file as it is on disk, and loads it: {@link #apply}. Whatever was read last is what is in use. */
    public synchronized List<Problem> reload(RouteSource source) {
        return apply(RouteFileChecker.check(source.root(), source.file(), checks));
    }

    /**
     * Loads what is about to become a file. On any error nothing changes, not even the problems that are known of the file.
     *
     * @return what is wrong with it; errors mean that it is not in use
     */
    public synchronized List<Problem> offer(CheckedRouteFile checked) {
        List<Problem> found = tryToLoad(checked);
        if (found.stream().noneMatch(Problem::isError)) {
            files.tell(checked.path(), found);
            if (lastGood != null) {
                lastGood.keep(
                        checked.path(), Objects.requireNonNull(checked.file()).text());
            }
        }
        return found;
    }

    private List<Problem> tryToLoad(CheckedRouteFile checked) {
        List<Problem> found = new ArrayList<>(checked.problems());
        RouteFile file = checked.file();
        if (file != null && checked.loadable()) {
            found.addAll(files.besideOthers(file));
            if (found.stream().noneMatch(Problem::isError)) {
                try {
                    load(file);
                } catch (Exception e) {
                    LOG.debug("{} does not load", file.path(), e);
                    found.add(Problems.ofLoading(file, e));
                }
            }
        }
        return found.stream().sorted().distinct().toList();
    }

    /** Tells that there are no other files than these. */
    synchronized void retain(Set<String> paths) {
        if (lastGood != null) {
            lastGood.retain(paths);
        }
    }

    /**
     * A file is gone: no new runs, and those under way finish. What is shared stays as long as this process runs, since
     * the routes that use it are still there.
     */
    public synchronized void remove(String path) {
        Loaded loaded = files.find(path);
        files.forgetProblems(path);
        if (loaded == null) {
            return;
        }
        Build build = loaded.build();
        if (build == null || !loaded.file().routeConfigurations().isEmpty()) {
            files.tell(
                    path,
                    List.of(Problem.error(
                            path,
                            "the file is gone, and what it held is still in use",
                            "Put it back, or take it out of the routes that use it and start again")));
            return;
        }
        files.remove(path);
        if (lastGood != null) {
            lastGood.forget(path);
        }
        build.orchestration().ifPresent(name -> versions.restoreCurrent(name, null));
        try {
            build.routes().stopExclusive();
        } catch (Exception e) {
            LOG.warn("The triggers of {} did not stop cleanly", path, e);
        }
        build.routes().passRequestsOn();
        versions.retire(build);
        LOG.info("{} was removed: no new runs, those under way finish", path);
    }

    /** Takes out what nothing passes through any more; called from time to time. */
    public synchronized void sweep() {
        versions.sweep();
        kamelets.sweep();
    }

    /** What is wrong with a text, if it were saved under this path; nothing is built. */
    public synchronized List<Problem> validate(String path, String text) {
        return problemsOf(RouteFileChecker.check(path, text, checks));
    }

    /** Checks what is to become a file below a routes' directory; nothing is built. */
    public CheckedRouteFile check(Path root, String path, byte[] bytes) {
        return RouteFileChecker.check(root, path, bytes, checks);
    }

    /** What is wrong with a file by itself and beside the others that are in use. */
    public synchronized List<Problem> problemsOf(CheckedRouteFile checked) {
        List<Problem> found = new ArrayList<>(checked.problems());
        RouteFile file = checked.file();
        if (file != null) {
            found.addAll(files.besideOthers(file));
        }
        return found.stream().sorted().distinct().toList();
    }

    /** All files that are in use, or that should be and have problems; by path. */
    public synchronized List<FileState> states() {
        return files.states();
    }

    /** What is wrong with a file as it is on disk. */
    public synchronized List<Problem> problemsOf(String path) {
        return files.problemsOf(path);
    }

    private void load(RouteFile file) throws Exception {
        Loaded before = files.find(file.path());
        if (file.kind() == RouteFile.Kind.KAMELET) {
            if (kamelets.apply(file) && before != null) {
                LOG.info("Kamelet {} has changed, calls from now on take it", file.name());
            }
            files.put(file.path(), new Loaded(file, null, clock.instant()));
            return;
        }
        FileVersion version = FileVersion.of(file, settings);
        Build old = before == null ? null : before.build();
        if (before != null && old != null && old.version().equals(version)) {
            // Comments and layout: nothing restarts.
            files.put(file.path(), new Loaded(file, old, before.at()));
            return;
        }
        SharedConfigurations.Before shared = null;
        Map<Build, Build> rebuilt = new LinkedHashMap<>();
        Build next = null;
        try {
            if (!file.routeConfigurations().isEmpty()
                    || (before != null && !before.file().routeConfigurations().isEmpty())) {
                shared = configurations.replace(file, version.values());
                for (Build user : usersOf(configurations.idsOf(shared), old)) {
                    rebuilt.put(user, versions.build(user.file(), user.version(), user.part()));
                }
            }
            next = versions.build(file, version, RouteBuild.Part.ALL);
            keep(next);
            swap.apply(old, next);
        } catch (Exception e) {
            if (next != null) {
                next.routes().remove();
            }
            rebuilt.values().forEach(build -> build.routes().remove());
            if (shared != null) {
                configurations.restore(shared);
            }
            throw e;
        }
        files.put(file.path(), new Loaded(file, next, clock.instant()));
        String version0 = version.hash();
        next.orchestration()
                .ifPresent(name -> LOG.info("Orchestration {} is at version {} ({})", name, version0, file.path()));
        swapUsers(rebuilt);
    }

    /** The builds whose routes are under one of these route configurations, but for {@code except}. */
    private List<Build> usersOf(Set<String> ids, @Nullable Build except) {
        return Stream.concat(files.all().stream().map(Loaded::build).filter(Objects::nonNull), versions.old().stream())
                .filter(build -> (except == null || build.routes() != except.routes())
                        && SharedConfigurations.isUnder(build.file(), ids))
                .toList();
    }

    private void keep(Build build) {
        build.orchestration()
                .ifPresent(name -> engine.get()
                        .store()
                        .saveDefinition(new Definition(
                                name,
                                build.version().hash(),
                                build.file().path(),
                                build.file().text(),
                                Json.text(build.version().values()),
                                clock.instant()))
                        .join());
    }

    /** The same versions under a changed route configuration: runs under way change over between two steps. */
    private void swapUsers(Map<Build, Build> rebuilt) {
        rebuilt.forEach((old, next) -> {
            Loaded loaded = files.find(old.file().path());
            try {
                if (loaded != null && loaded.build() != null && loaded.build().routes() == old.routes()) {
                    swap.apply(old, next);
                    files.put(old.file().path(), new Loaded(loaded.file(), next, loaded.at()));
                } else {
                    versions.retire(next);
                }
            } catch (Exception e) {
                LOG.error(
                        "{} could not be rebuilt under a changed route configuration",
                        old.file().path(),
                        e);
                next.routes().remove();
                return;
            }
            old.orchestration()
                    .ifPresent(name -> engine.get().renew(name, old.version().hash()));
            LOG.info(
                    "{} was rebuilt under a changed route configuration",
                    old.file().path());
        });
    }
}
