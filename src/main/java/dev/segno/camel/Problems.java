package dev.segno.camel;

import dev.segno.camel.yaml.FoundRoute;
import dev.segno.camel.yaml.Problem;
import dev.segno.camel.yaml.RouteFile;

/** What Camel says about a file that passed the checks, as a problem with a place. */
final class Problems {

    private Problems() {}

    /** The problem with the place of the route that Camel names, or else of the file's first route. */
    static Problem ofLoading(RouteFile file, Throwable failure) {
        String what = reason(failure);
        String advice = "Correct the route; the file was left out, everything else goes on";
        for (FoundRoute route : file.routes()) {
            if (route.id() != null && String.valueOf(failure.getMessage()).contains(route.id() + RouteVersions.AT)) {
                return Problem.error(file.path(), route.at(), what, advice);
            }
        }
        return file.routes().isEmpty()
                ? Problem.error(file.path(), what, advice)
                : Problem.error(file.path(), file.routes().get(0).at(), what, advice);
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return "Camel cannot build it: " + message.lines().findFirst().orElse("no reason given");
    }
}
