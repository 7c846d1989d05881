package dev.segno;

import dev.segno.camel.RouteSource;
import dev.segno.control.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
     */
    public record Place(Path root, Path directory, String suffix) {}

    /**
     * Looks into directories: each a directory of packages, or one package by itself.
     *
     * @param directories as given; not empty
     * @param home        directory of routes that come with Segno, for shared routes and kamelets
     * @throws SettingsException when a directory is none, or holds no routes
     */
    public static RouteLayout of(List<Path> directories, Path home) {
        Set<Place> places = new LinkedHashSet<>();
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
            libraries.forEach(jar -> jars.add(new RouteSource(root, jar)));
            places.add(new Place(root, directory, ROUTE_SUFFIX));
            documents.addAll(files(directory, "openapi.yaml"));
            Path base = Files.isDirectory(root.resolve(SHARED)) ? root : home;
            places.add(new Place(base, base.resolve(SHARED), ROUTE_SUFFIX));
            places.add(new Place(root, root.resolve(KAMELETS), KAMELET_SUFFIX));
        }
        places.add(new Place(home, home.resolve(KAMELETS), KAMELET_SUFFIX));
        List<Place> all = List.copyOf(places);
        return new RouteLayout(
                look(all), List.copyOf(jars), documents.stream().distinct().toList(), all);
    }

    /** The files as they are now: some may have come, others gone. */
    public List<RouteSource> look() {
        return look(places);
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
        return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }

    private static boolean isPackage(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.getFileName().toString().endsWith(ROUTE_SUFFIX));
        } catch (IOException e) {
            throw new SettingsException(directory + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Path parentOf(Path directory) {
        Path parent = directory.toAbsolutePath().normalize().getParent();
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
