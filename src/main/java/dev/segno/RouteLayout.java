package dev.segno;

import dev.segno.camel.RouteSource;
import dev.segno.camel.yaml.Problem;
import dev.segno.camel.yaml.RouteFileChecker;
import dev.segno.control.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which files a node loads: those of the directories that it was given, and the shared routes and kamelets that stand
 * beside them or come with Segno.
 *
 * @param routes    route files and kamelets, each once; the first directory that has a kamelet counts
 * @param jars      of the folders {@code lib} in the given directories: they hold routes in the Java DSL
 * @param documents OpenAPI documents of the route packages
 * @param places    directories that were looked into, those that are not there among them
 */
public record RouteLayout(List<RouteSource> routes, List<RouteSource> jars, List<Path> documents, List<Place> places) {

    private static final String ROUTE_SUFFIX = ".camel.yaml";
    private static final String KAMELET_SUFFIX = ".kamelet.yaml";
    private static final String SHARED = "shared";
    private static final String KAMELETS = "kamelets";
    private static final String LIBRARIES = "lib";
    private static final String JAR_SUFFIX = ".jar";

    /**
     * A directory to look into.
     *
     * @param root   directory that the paths of its files are relative to
     * @param suffix how the names of its files end
     * @param own    whether it belongs to the directories that the node was given, and not to what comes with Segno
     */
    public record Place(Path root, Path directory, String suffix, boolean own) {

        /** Where a file of such a path would be; empty when it would not be looked for here. */
        Optional<Path> fileOf(String path) {
            Path file = absolute(root.resolve(path));
            return path.endsWith(suffix) && file.startsWith(absolute(directory)) ? Optional.of(file) : Optional.empty();
        }
    }

    /**
     * Looks into directories: each a directory of packages, or one package by itself.
     *
     * @param directories as given; not empty
     * @param home        directory of routes that come with Segno, for shared routes and kamelets
     * @throws SettingsException when a directory is none, or holds no routes
     */
    public static RouteLayout of(List<Path> directories, Path home) {
        Set<Place> places = new LinkedHashSet<>();
        Set<Path> roots = new HashSet<>();
        Set<RouteSource> jars = new LinkedHashSet<>();
        List<Path> documents = new ArrayList<>();
        for (Path directory : directories) {
            if (!Files.isDirectory(directory)) {
                throw new SettingsException(directory + " is not a directory of routes");
            }
            Path root = isPackage(directory) ? parentOf(directory) : directory;
            List<Path> libraries = files(directory.resolve(LIBRARIES), JAR_SUFFIX);
            if (files(directory, ROUTE_SUFFIX).isEmpty() && libraries.isEmpty()) {
                throw new SettingsException(directory + " holds no routes; their files end in " + ROUTE_SUFFIX);
            }
            roots.add(absolute(root));
            places.add(new Place(root, directory, ROUTE_SUFFIX, true));
            libraries.forEach(jar -> jars.add(new RouteSource(root, jar)));
            documents.addAll(files(directory, "openapi.yaml"));
            Path base = Files.isDirectory(root.resolve(SHARED)) ? root : home;
            places.add(new Place(base, base.resolve(SHARED), ROUTE_SUFFIX, roots.contains(absolute(base))));
            places.add(new Place(root, root.resolve(KAMELETS), KAMELET_SUFFIX, true));
        }
        places.add(new Place(home, home.resolve(KAMELETS), KAMELET_SUFFIX, roots.contains(absolute(home))));
        List<Place> all = List.copyOf(places);
        return new RouteLayout(
                look(all), List.copyOf(jars), documents.stream().distinct().toList(), all);
    }

    /** Whether a package of this name is among them. */
    public boolean holds(String packageName) {
        return routes.stream().anyMatch(source -> source.path().startsWith(packageName + '/'));
    }

    /** The files as they are now: some may have come, others gone. */
    public List<RouteSource> look() {
        return look(places);
    }

    /**
     * What lies in the directories that the node was given and looks like routes, but is not read: files of another ending, and
     * links to folders.
     */
    public List<Problem> leftOut() {
        List<Problem> problems = new ArrayList<>();
        for (Place place : places) {
            if (!place.own() || !Files.isDirectory(place.directory())) {
                continue;
            }
            try (Stream<Path> files = Files.walk(place.directory())) {
                files.forEach(file -> leftOut(place, file).ifPresent(problems::add));
            } catch (IOException e) {
                throw new SettingsException(place.directory() + " cannot be read: " + e.getMessage(), e);
            }
        }
        return problems.stream().sorted().distinct().toList();
    }

    private static Optional<Problem> leftOut(Place place, Path file) {
        String name = file.getFileName().toString();
        String path = RouteFileChecker.relative(place.root(), file);
        if (Files.isSymbolicLink(file) && Files.isDirectory(file)) {
            return Optional.of(Problem.warning(
                    path, "a link to a folder is not followed", "Put the folder itself below the routes' folder"));
        }
        boolean yaml = name.endsWith(".yaml") || name.endsWith(".yml");
        boolean known = name.endsWith(ROUTE_SUFFIX)
                || name.endsWith(KAMELET_SUFFIX)
                || name.endsWith(".test.yaml")
                || name.startsWith("openapi.");
        return yaml && !known && Files.isRegularFile(file)
                ? Optional.of(Problem.warning(
                        path,
                        "this file is not loaded: its name does not end in " + ROUTE_SUFFIX,
                        "Rename it if it holds routes"))
                : Optional.empty();
    }

    /**
     * The directory that a file of such a path may be edited in: one of those that the node was given. Empty when none of
     * them would hold it, or when it comes with Segno, so that a second one would be in its way.
     *
     * @param path below the directory, with {@code /} between folders
     */
    public Optional<Path> editableRoot(String path) {
        List<Place> holders =
                places.stream().filter(place -> place.fileOf(path).isPresent()).toList();
        Optional<Place> holder =
                holders.stream().filter(place -> isThere(place, path)).findFirst();
        if (holder.isPresent() && !holder.get().own() && holder.get().suffix().equals(ROUTE_SUFFIX)) {
            return Optional.empty();
        }
        return holder.filter(Place::own)
                .or(() -> holders.stream().filter(Place::own).findFirst())
                .map(Place::root);
    }

    private static boolean isThere(Place place, String path) {
        return place.fileOf(path)
                .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS))
                .isPresent();
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private static List<RouteSource> look(List<Place> places) {
        Map<String, RouteSource> found = new LinkedHashMap<>();
        for (Place place : places) {
            for (Path file : files(place.directory(), place.suffix())) {
                RouteSource source = new RouteSource(place.root(), file);
                RouteSource other = found.putIfAbsent(source.path(), source);
                if (other != null && place.suffix().equals(ROUTE_SUFFIX) && !isSame(other.file(), file)) {
                    throw new SettingsException(file + " and " + other.file()
                            + " have the same path below their directories; rename one of the two packages");
                }
            }
        }
        return List.copyOf(found.values());
    }

    private static boolean isSame(Path one, Path other) {
        return absolute(one).equals(absolute(other));
    }

    private static boolean isPackage(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.getFileName().toString().endsWith(ROUTE_SUFFIX));
        } catch (IOException e) {
            throw new SettingsException(directory + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Path parentOf(Path directory) {
        Path parent = absolute(directory).getParent();
        return parent == null ? directory : parent;
    }

    private static List<Path> files(Path directory, String suffix) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new SettingsException(directory + " cannot be read: " + e.getMessage(), e);
        }
    }
}
