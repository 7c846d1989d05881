package dev.segno.camel.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads and checks one route file. Creates nothing of what the file names. Thread-safe. */
public final class RouteFileChecker {

    private RouteFileChecker() {}

    /**
     * Reads and checks a file on disk.
     *
     * @param root the routes' directory
     * @param file inside {@code root}; a symbolic link out of it is a problem
     */
    public static CheckedRouteFile check(Path root, Path file, CheckSettings settings) {
        String path = root.toAbsolutePath()
                .normalize()
                .relativize(file.toAbsolutePath().normalize())
                .toString()
                .replace('\\', '/');
        try {
            Path real = file.toRealPath();
            if (!real.startsWith(root.toRealPath())) {
                return failed(Problem.error(
                        path, "the file lies outside the routes' directory", "Put the file itself there, not a link"));
            }
            if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
                return failed(Problem.error(path, "this is not a regular file", "Remove it"));
            }
            byte[] bytes;
            try (InputStream in = Files.newInputStream(real)) {
                // One byte more than allowed is enough to see that there is more.
                bytes = in.readNBytes(settings.limits().maxBytes() + 1);
            }
            return check(path, YamlTree.decode(path, bytes, settings.limits()), settings);
        } catch (UnreadableYaml e) {
            return failed(e.problem());
        } catch (IOException e) {
            return failed(Problem.error(
                    path,
                    "the file cannot be read: " + e.getClass().getSimpleName(),
                    "Check that it exists and its rights"));
        }
    }

    /**
     * Checks a text, such as a stored version.
     *
     * @param path what the file is called relative to the routes' directory; its ending tells routes from kamelets
     */
    public static CheckedRouteFile check(String path, String text, CheckSettings settings) {
        YamlTree tree;
        try {
            tree = YamlTree.read(path, text, settings.limits());
        } catch (UnreadableYaml e) {
            return failed(e.problem());
        }
        RouteFile file = RouteFinder.describe(path, text, tree);
        List<Problem> problems = new ArrayList<>(SchemaCheck.check(file));
        return new CheckedRouteFile(path, file, problems);
    }

    private static CheckedRouteFile failed(Problem problem) {
        return new CheckedRouteFile(problem.file(), null, List.of(problem));
    }
}
