package dev.segno.camel;

import dev.segno.camel.yaml.FoundRoute;
import dev.segno.camel.yaml.Problem;
import dev.segno.camel.yaml.RouteFile;
import dev.segno.camel.yaml.YamlNode;
import java.util.Optional;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.util.ObjectHelper;

/** What Camel says about a file that passed the checks, as a problem with a place. */
final class Problems {

    private Problems() {}

    /** The problem with the place of the address or of the route that Camel names, or else of the file's first route. */
    static Problem ofLoading(RouteFile file, Throwable failure) {
        String what = reason(failure);
        String advice = "Correct the route; the file was left out, everything else goes on";
        for (Throwable cause : ObjectHelper.createExceptionIterable(failure)) {
            Optional<YamlNode> at = addressOf(cause).flatMap(file::placeOf);
            if (at.isPresent()) {
                return Problem.error(file.path(), at.get(), what, advice);
            }
        }
        for (FoundRoute route : file.routes()) {
            if (route.id() != null && String.valueOf(failure.getMessage()).contains(route.id() + RouteVersions.AT)) {
                return Problem.error(file.path(), route.at(), what, advice);
            }
        }
        return file.routes().isEmpty()
                ? Problem.error(file.path(), what, advice)
                : Problem.error(file.path(), file.routes().get(0).at(), what, advice);
    }

    /** The address of the endpoint that could not be made, if that is what a failure says. */
    private static Optional<String> addressOf(Throwable failure) {
        if (failure instanceof ResolveEndpointFailedException unresolved) {
            return Optional.ofNullable(unresolved.getUri());
        }
        return failure instanceof NoSuchEndpointException missing
                ? Optional.ofNullable(missing.getUri())
                : Optional.empty();
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
