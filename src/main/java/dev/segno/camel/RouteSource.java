package dev.segno.camel;

import dev.segno.camel.yaml.RouteFileChecker;
import java.nio.file.Path;

/**
 * A route file and the directory that it may not leave.
 *
 * @param root directory of routes
 * @param file below it
 */
public record RouteSource(Path root, Path file) {

    /** The file's path below the root, with {@code /} between folders. */
    public String path() {
        return RouteFileChecker.relative(root, file);
    }
}
