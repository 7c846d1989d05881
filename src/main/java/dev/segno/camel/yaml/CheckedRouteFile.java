package dev.segno.camel.yaml;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file and what is wrong with it.
 *
 * @param path relative to the routes' directory, with slashes
 * @param file null where the text could not even be parsed
 * @param problems in the order of their places
 */
public record CheckedRouteFile(String path, @Nullable RouteFile file, List<Problem> problems) {

    public CheckedRouteFile {
        problems = problems.stream().sorted().distinct().toList();
    }

    /** Whether nothing stands against loading the file; warnings do not. */
    public boolean loadable() {
        return file != null && problems.stream().noneMatch(Problem::isError);
    }

    public List<Problem> errors() {
        return problems.stream().filter(Problem::isError).toList();
    }

    public List<Problem> warnings() {
        return problems.stream().filter(problem -> !problem.isError()).toList();
    }
}
