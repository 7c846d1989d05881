package dev.segno;

import dev.segno.camel.RouteSource;
import dev.segno.control.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which files a node loads: those of the directories that it was given, and the shared routes and kamelets that stand
 * beside them or come with Segno.
 *
 * @param routes    route files, each once
 * @param documents OpenAPI documents of the route packages
 * @param kamelets  directories with kamelets; the first one that has a kamelet counts
 */
public record RouteLayout(List<RouteSource> routes, List<Path> documents, List<Path> kamelets) {

    private static final String ROUTE_SUFFIX = ".camel.yaml";
    private static final String SHARED = "shared";
    private static final String KAMELETS = "kamelets";

    /**
     * Looks into directories: each a directory of packages, or one package by itself.
     *
     * @param directories as given; not empty
     * @param home        directory of routes that come with Segno, for shared routes and kamelets
     * @throws SettingsException when a directory is none, or holds no routes
     */
    public static RouteLayout of(List<Path> directories, Path home) {
        Map<Path, RouteSource> routes = new LinkedHashMap<>();
        List<Path> documents = new ArrayList<>();
        List<Path> kamelets = new ArrayList<>();
        for (Path directory : directories) {
            if (!Files.isDirectory(directory)) {
                throw new SettingsException(directory + " is not a directory of routes");
            }
            Path root = isPackage(directory) ? parentOf(directory) : directory;
            int before = routes.size();
            add(routes, root, directory);
            if (routes.size() == before) {
                throw new SettingsException(directory + " holds no routes; their files end in " + ROUTE_SUFFIX);
            }
            documents.addAll(files(directory, "openapi.yaml"));
            if (Files.isDirectory(root.resolve(SHARED))) {
                add(routes, root, root.resolve(SHARED));
            } else {
                add(routes, home, home.resolve(SHARED));
            }
            kamelets.add(root.resolve(KAMELETS));
        }
        kamelets.add(home.resolve(KAMELETS));
        return new RouteLayout(
                List.copyOf(routes.values()),
                documents.stream().distinct().toList(),
                kamelets.stream().distinct().filter(Files::isDirectory).toList());
    }

    private static void add(Map<Path, RouteSource> routes, Path root, Path directory) {
        for (Path file : files(directory, ROUTE_SUFFIX)) {
            routes.putIfAbsent(file.toAbsolutePath().normalize(), new RouteSource(root, file));
        }
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
