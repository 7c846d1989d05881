package dev.segno.camel.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
        return check(root, file, settings, SchemaPasses.NONE);
    }

    /**
     * Reads and checks a file on disk, but not against the schema again.
     *
     * @param passes which texts need not be; takes in those that pass
     */
    public static CheckedRouteFile check(Path root, Path file, CheckSettings settings, SchemaPasses passes) {
        String path = relative(root, file);
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
            return check(root, path, bytes, settings, passes);
        } catch (IOException e) {
            return failed(Problem.error(
                    path,
                    "the file cannot be read: " + e.getClass().getSimpleName(),
                    "Check that it exists and its rights"));
        }
    }

    /**
     * Checks what is to become a file.
     *
     * @param root  the routes' directory
     * @param path  what the file will be called below it, with slashes
     * @param bytes what it will hold
     */
    public static CheckedRouteFile check(Path root, String path, byte[] bytes, CheckSettings settings) {
        return check(root, path, bytes, settings, SchemaPasses.NONE);
    }

    private static CheckedRouteFile check(
            Path root, String path, byte[] bytes, CheckSettings settings, SchemaPasses passes) {
        try {
            return check(path, YamlTree.decode(path, bytes, settings.limits()), withFolder(root, settings), passes);
        } catch (UnreadableYaml e) {
            return failed(e.problem());
        }
    }

    /**
     * Checks a text, such as a stored version.
     *
     * @param path what the file is called relative to the routes' directory; its ending tells routes from kamelets
     */
    public static CheckedRouteFile check(String path, String text, CheckSettings settings) {
        return check(path, text, settings, SchemaPasses.NONE);
    }

    /**
     * Checks a text, but not against the schema again.
     *
     * @param passes which texts need not be; takes in those that pass
     */
    public static CheckedRouteFile check(String path, String text, CheckSettings settings, SchemaPasses passes) {
        CheckedRouteFile checked = checkShape(path, text, settings, passes);
        RouteFile file = checked.file();
        if (file == null) {
            return checked;
        }
        List<Problem> problems = new ArrayList<>(checked.problems());
        problems.addAll(FileNameCheck.check(file));
        addUnexplained(problems, OptionCheck.check(file));
        return new CheckedRouteFile(path, file, problems);
    }

    /**
     * Checks a text that was in use before, whose runs may be under way: what it is called, and options that would be left aside,
     * are no reason to give it up.
     *
     * @param path what the file is, or was, called relative to the routes' directory
     */
    public static CheckedRouteFile checkKept(String path, String text, CheckSettings settings) {
        return checkShape(path, text, settings, SchemaPasses.NONE);
    }

    private static CheckedRouteFile checkShape(String path, String text, CheckSettings settings, SchemaPasses passes) {
        YamlTree tree;
        try {
            tree = YamlTree.read(path, text, settings.limits());
        } catch (UnreadableYaml e) {
            return failed(e.problem());
        }
        RouteFile file = RouteFinder.describe(path, text, tree);
        List<Problem> problems = new ArrayList<>(passes.contains(file) ? List.of() : SchemaCheck.check(file));
        boolean shaped = problems.isEmpty();
        if (shaped) {
            passes.add(file);
        }
        addUnexplained(problems, PolicyCheck.check(file, settings));
        if (shaped) {
            addUnexplained(problems, ReaderCheck.check(file));
            // What has the wrong shape would only be misunderstood.
            addUnexplained(problems, DurabilityLint.check(file));
        }
        return new CheckedRouteFile(path, file, problems);
    }

    /**
     * Adds what has another place than an error that is already there: a misspelt key is unknown to the schema and
     * forbidden by the policy too, but one message says what to do. Errors of one check at one place all count.
     */
    private static void addUnexplained(List<Problem> problems, List<Problem> more) {
        List<Problem> earlier = List.copyOf(problems);
        for (Problem problem : more) {
            boolean explained = earlier.stream()
                    .anyMatch(one -> one.isError() && one.line() == problem.line() && one.column() == problem.column());
            if (!explained) {
                problems.add(problem);
            }
        }
    }

    /** A file's path below the root, with slashes. */
    public static String relative(Path root, Path file) {
        return root.toAbsolutePath()
                .normalize()
                .relativize(file.toAbsolutePath().normalize())
                .toString()
                .replace('\\', '/');
    }

    /** Files may name others of the directory that they stand in, however it is called. */
    private static CheckSettings withFolder(Path root, CheckSettings settings) {
        Set<String> folders = new HashSet<>();
        for (Path form : new Path[] {root.normalize(), root.toAbsolutePath().normalize()}) {
            String folder = form.toString().replace('\\', '/');
            if (!folder.isEmpty() && !folder.equals("/")) {
                folders.add(folder);
            }
        }
        return settings.withPolicy(settings.policy().withFolders(folders));
    }

    private static CheckedRouteFile failed(Problem problem) {
        return new CheckedRouteFile(problem.file(), null, List.of(problem));
    }
}
