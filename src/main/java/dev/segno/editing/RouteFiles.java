package dev.segno.editing;

import dev.segno.audit.Act;
import dev.segno.audit.Audit;
import dev.segno.camel.RouteLoader;
import dev.segno.camel.RouteSource;
import dev.segno.camel.yaml.CheckedRouteFile;
import dev.segno.camel.yaml.Problem;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads, saves and deletes route files for callers. What is saved is checked, built and in use before it takes the place of
 * the file, so that a file which was saved here is one that loads; a text that does not load changes nothing.
 *
 * <p>Thread-safe: changes are made one at a time, so that of two on the same condition one finds it broken.
 */
public final class RouteFiles {
    private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);

    private final Function<String, Optional<Path>> roots;
    private final RouteLoader loader;
    private final Audit audit;

    /**
     * @param roots the directory that files of a path may be edited in, if there is one
     * @param audit records changes before they are made and when they are
     */
    public RouteFiles(Function<String, Optional<Path>> roots, RouteLoader loader, Audit audit) {
        this.roots = roots;
        this.loader = loader;
        this.audit = audit;
    }

    /** A file as it is on disk. */
    @SuppressWarnings("ArrayRecordComponent") // handed through, never compared
    public record Content(byte[] bytes, Fingerprint fingerprint) {}

    /**
     * A file that was saved.
     *
     * @param created  whether there was none before
     * @param problems what may be wrong with it, though it is in use
     */
    public record Saved(Fingerprint fingerprint, boolean created, List<Problem> problems) {}

    /**
     * Reads a file.
     *
     * @throws ApiException when it is not there, or not to be had by this way
     */
    public Content read(RoutePath path) {
        try {
            byte[] bytes = EditedFile.at(rootOf(path), path).read();
            if (bytes == null) {
                throw unknown(path);
            }
            return new Content(bytes, Fingerprint.of(bytes));
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /**
     * Makes or replaces a file, and takes it into use. When this returns it is on disk, and new runs take it.
     *
     * @param act          who wants it, for the record
     * @param precondition what must hold of the file as it is
     * @throws InvalidRoutes when the bytes are no route file that loads; nothing has changed then
     * @throws ApiException  when the precondition does not hold, or the file is not to be had by this way
     */
    public synchronized Saved save(Act act, RoutePath path, Precondition precondition, byte[] bytes) {
        Path root = rootOf(path);
        try {
            EditedFile file = EditedFile.at(root, path);
            byte[] before = file.read();
            Fingerprint old = before == null ? null : Fingerprint.of(before);
            precondition.require(old);
            CheckedRouteFile checked = loader.check(root, path.text(), bytes);
            requireNoErrors(loader.problemsOf(checked));
            Fingerprint fingerprint = Fingerprint.of(bytes);
            audit.begun(act, hex(old), fingerprint.hex());
            List<Problem> problems = replace(file, checked, bytes, new RouteSource(root, root.resolve(path.text())));
            audit.done(act, hex(old), fingerprint.hex());
            LOG.info("{} was saved by {}", path.text(), act.caller());
            return new Saved(fingerprint, old == null, problems);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** All that can fail for want of room or rights comes first, then what Camel may refuse, then the renaming. */
    private List<Problem> replace(EditedFile file, CheckedRouteFile checked, byte[] bytes, RouteSource source)
            throws IOException {
        try {
            file.prepare(bytes);
            List<Problem> problems = loader.offer(checked);
            requireNoErrors(problems);
            commit(file, source);
            return problems;
        } finally {
            file.discard();
        }
    }

    private void commit(EditedFile file, RouteSource source) throws IOException {
        try {
            file.commit();
        } catch (IOException e) {
            takeBack(file, source);
            throw e;
        }
    }

    /** What is in use is what is on disk. */
    private void takeBack(EditedFile file, RouteSource source) throws IOException {
        if (file.read() == null) {
            loader.remove(source.path());
        } else {
            loader.reload(source);
        }
    }

    /**
     * Deletes a file: no new runs, those under way finish. What others share of it stays in use until the next start.
     *
     * @return what is wrong with its being gone
     * @throws ApiException as {@link #save} does
     */
    public synchronized List<Problem> delete(Act act, RoutePath path, Precondition precondition) {
        try {
            EditedFile file = EditedFile.at(rootOf(path), path);
            byte[] before = file.read();
            if (before == null) {
                throw unknown(path);
            }
            Fingerprint old = Fingerprint.of(before);
            precondition.require(old);
            audit.begun(act, old.hex(), null);
            file.delete();
            loader.remove(path.text());
            audit.done(act, old.hex(), null);
            LOG.info("{} was deleted by {}", path.text(), act.caller());
            return loader.problemsOf(path.text());
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private Path rootOf(RoutePath path) {
        return roots.apply(path.text())
                .orElseThrow(() -> new ApiException(new ApiError(
                        404,
                        "not-found",
                        "None of the directories that this node was given holds '" + path.text()
                                + "', or it comes with Segno")));
    }

    private static void requireNoErrors(List<Problem> problems) {
        if (problems.stream().anyMatch(Problem::isError)) {
            throw new InvalidRoutes(problems);
        }
    }

    private static @Nullable String hex(@Nullable Fingerprint fingerprint) {
        return fingerprint == null ? null : fingerprint.hex();
    }

    private static ApiException unknown(RoutePath path) {
        return new ApiException(new ApiError(404, "not-found", "There is no file '" + path.text() + "'"));
    }

    private static ApiException unusable(IOException e) {
        LOG.warn("A route file cannot be read or written", e);
        return new ApiException(
                new ApiError(503, "unavailable", "The routes' directory cannot be read or written at the moment"), e);
    }
}
