package dev.segno.sandbox;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * Which calls {@code GET /_sandbox} shall show.
 *
 * @param path only this path, or with a {@code *} at the end those that begin so
 * @param correlationId only those with this {@code X-Correlation-ID}
 * @param since only those that came at or after this moment
 */
record CallFilter(
        @Nullable String path,
        @Nullable String correlationId,
        @Nullable Instant since) {

    /**
     * The filter of a query {@code ?path=…&correlation_id=…&since=…}.
     *
     * @throws IllegalArgumentException if {@code since} is no time
     */
    static CallFilter of(Request request) {
        String since = request.query().get("since");
        try {
            return new CallFilter(
                    request.query().get("path"),
                    request.query().get("correlation_id"),
                    since == null ? null : Instant.parse(since));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "since is a time such as 2026-11-22T16:00:00.000Z, not '" + since + "'", e);
        }
    }

    boolean shows(Call call) {
        return (path == null || Fault.pathFits(path, call.path()))
                && (correlationId == null || correlationId.equals(call.header("x-correlation-id")))
                && (since == null || !call.startedAt().isBefore(since));
    }
}
