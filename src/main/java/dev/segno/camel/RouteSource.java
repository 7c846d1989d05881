package dev.segno.camel;

import java.nio.file.Path;

/**
 * A route file and the directory that it may not leave.
 *
 * @param root directory of routes
 * @param file below it
 */
public record RouteSource(Path root, Path file) {}
