package dev.segno.camel.yaml;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * All route files and kamelets below a directory, read and checked one by one: a bad file never hides others.
 * Immutable.
 *
 * @param files in the order of their paths
 * @param problems those that belong to no single file, such as a name that two files define, and files that are left
 *     out
 */
public record RouteDirectory(List<CheckedRouteFile> files, List<Problem> problems) {

    private static final Pattern SAFE_NAME = Pattern.compile("[A-Za-z0-9._-]+");

    public RouteDirectory {
        files = List.copyOf(files);
        problems = problems.stream().sorted().distinct().toList();
    }

    /**
     * Reads a directory tree. Symbolic links to folders are not followed, and those to files only inside the root.
     *
     * @throws IOException if the directory itself cannot be read
     */
    public static RouteDirectory read(Path root, CheckSettings settings) throws IOException {
        if (!Files.isDirectory(root)) {
            throw new IOException(root + " is no directory");
        }
        List<Path> found = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String path = RouteFileChecker.relative(root, file);
                if (attributes.isSymbolicLink() && Files.isDirectory(file)) {
                    problems.add(Problem.error(
                            path,
                            "a link to a folder is not followed",
                            "Put the folder itself below the routes' folder"));
                } else if (isRouteFile(path)) {
                    found.add(file);
                } else {
                    leftOut(path).ifPresent(problems::add);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                problems.add(Problem.error(
                        RouteFileChecker.relative(root, file),
                        "this cannot be read: " + e.getClass().getSimpleName(),
                        "Check its rights"));
                return FileVisitResult.CONTINUE;
            }
        });
        List<CheckedRouteFile> files = found.stream()
                .sorted()
                .map(file -> RouteFileChecker.check(root, file, settings))
                .toList();
        problems.addAll(definedTwice(files));
        return new RouteDirectory(files, problems);
    }

    /** The files that nothing stands against, neither by themselves nor beside the others. */
    public List<RouteFile> loadable() {
        return files.stream()
                .filter(CheckedRouteFile::loadable)
                .filter(checked -> problems.stream()
                        .noneMatch(
                                problem -> problem.isError() && problem.file().equals(checked.path())))
                .flatMap(checked -> Optional.ofNullable(checked.file()).stream())
                .toList();
    }

    /** The problems of the files and of the directory, by file and place. */
    public List<Problem> allProblems() {
        List<Problem> all = new ArrayList<>(problems);
        files.forEach(file -> all.addAll(file.problems()));
        return all.stream().sorted().toList();
    }

    private static boolean isRouteFile(String path) {
        return path.endsWith(RouteFinder.ROUTES_SUFFIX) || path.endsWith(RouteFinder.KAMELET_SUFFIX);
    }

    /** A file that a user may take for a route file, though it is none. */
    private static Optional<Problem> leftOut(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        boolean yaml = name.endsWith(".yaml") || name.endsWith(".yml");
        return yaml && !name.startsWith("openapi.") && !name.endsWith(".test.yaml")
                ? Optional.of(new Problem(
                        Problem.Severity.WARNING,
                        path,
                        1,
                        1,
                        "this file is not loaded: its name does not end in .camel.yaml",
                        "Rename it if it holds routes"))
                : Optional.empty();
    }

    private static List<Problem> definedTwice(List<CheckedRouteFile> files) {
        List<Problem> problems = new ArrayList<>();
        Map<String, String> owners = new HashMap<>();
        for (CheckedRouteFile checked : files) {
            RouteFile file = checked.file();
            if (file == null) {
                continue;
            }
            for (String segment : file.path().split("/", -1)) {
                if (!SAFE_NAME.matcher(segment).matches()) {
                    problems.add(Problem.error(
                            file.path(),
                            "'%s' cannot be the name of a route file or its folder".formatted(segment),
                            "Use letters, digits, '.', '_' and '-'"));
                }
            }
            String name = file.path().substring(file.path().lastIndexOf('/') + 1);
            if (name.chars().filter(character -> character == '.').count() > 2) {
                problems.add(Problem.error(
                        file.path(),
                        "'%s' has a dot too many: Camel takes what is behind the first for the kind of file"
                                .formatted(name),
                        "Use '-' instead of it"));
            }
            if (file.kind() == RouteFile.Kind.KAMELET && !file.packageName().equals("kamelets")) {
                problems.add(Problem.error(
                        file.path(), "Camel finds kamelets in routes/kamelets only", "Move the file there"));
            }
            // The first file by path keeps a name; a second one is told.
            NameClashes.add(file, owners, problems);
        }
        return problems;
    }
}
