package dev.segno.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The correlation id of a request: {@code correlation_id} of its body, else its {@code X-Correlation-ID}, else a new one.
 * Stateless, hence safe for concurrent use.
 */
final class Correlation {

    private static final Pattern WELL_FORMED = Pattern.compile("[\\p{L}\\p{M}\\p{N} ._:/@+%#-]{1,255}");

    private Correlation() {}

    /** What the request's headers say. One that is not well-formed counts as none. */
    static String of(HttpServerRequest request) {
        @Nullable String given = request.getHeader("X-Correlation-ID");
        return given != null && WELL_FORMED.matcher(given).matches()
                ? given
                : UUID.randomUUID().toString();
    }

    /** What the body says. */
    static Optional<String> chosenBy(JsonNode body) {
        String given = body.path("correlation_id").asText("").strip();
        return WELL_FORMED.matcher(given).matches() ? Optional.of(given) : Optional.empty();
    }
}
