package dev.segno.camel;

import dev.segno.camel.RouteLoader.FileState;
import dev.segno.camel.RouteVersions.Build;
import dev.segno.camel.yaml.Problem;
import dev.segno.camel.yaml.RouteFile;
import dev.segno.camel.yaml.RouteFiles;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that are in use, and what is wrong with those that are on disk. Used by one thread at a time. */
final class LoadedFiles {
    private static final Logger LOG = LoggerFactory.getLogger(LoadedFiles.class);

    private final Map<String, Loaded> files = new TreeMap<>();
    private final Map<String, List<Problem>> problems = new TreeMap<>();

    /** A file that is in use. {@code build} is null for a kamelet. */
    record Loaded(RouteFile file, @Nullable Build build, Instant at) {}

    /** The file that is in use, or null. */
    @Nullable
    Loaded find(String path) {
        return files.get(path);
    }

    boolean holds(String path) {
        return files.containsKey(path);
    }

    Collection<Loaded> all() {
        return files.values();
    }

    void put(String path, Loaded loaded) {
        files.put(path, loaded);
    }

    void remove(String path) {
        files.remove(path);
    }

    /** What is wrong with a file as it is on disk. */
    List<Problem> problemsOf(String path) {
        return problems.getOrDefault(path, List.of());
    }

    void forgetProblems(String path) {
        problems.remove(path);
    }

    /** All files that are in use, or that should be and have problems; by path. */
    List<FileState> states() {
        return Stream.concat(files.keySet().stream(), problems.keySet().stream())
                .distinct()
                .sorted()
                .map(this::state)
                .toList();
    }

    private FileState state(String path) {
        Loaded loaded = files.get(path);
        if (loaded == null) {
            return new FileState(path, null, List.of(), null, null, problemsOf(path));
        }
        Build build = loaded.build();
        List<String> names = loaded.file().orchestrations().stream()
                .map(route -> route.name())
                .toList();
        return new FileState(
                path,
                loaded.file().text(),
                names,
                build == null || names.isEmpty() ? null : build.version().hash(),
                loaded.at(),
                problemsOf(path));
    }

    /** What is wrong with a file beside the others that are in use. */
    List<Problem> besideOthers(RouteFile file) {
        List<RouteFile> others = files.values().stream()
                .map(Loaded::file)
                .filter(other -> !other.path().equals(file.path()))
                .toList();
        return RouteFiles.beside(file, others);
    }

    /** Keeps what is wrong with a file, and says so in the log if it is new. */
    void tell(String path, List<Problem> found) {
        List<Problem> before = found.isEmpty() ? problems.remove(path) : problems.put(path, found);
        if (!found.equals(before)) {
            for (Problem problem : found) {
                if (problem.isError()) {
                    LOG.error("{}", problem);
                } else {
                    LOG.warn("{}", problem);
                }
            }
            if (found.stream().anyMatch(Problem::isError) && files.containsKey(path)) {
                LOG.error("{} does not load as it is now; what was loaded before goes on", path);
            }
        }
    }
}
