package dev.segno.trace;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work.
 *
 * @param id        16 hexadecimal digits, the same each time that it is derived
 * @param traceId   32 hexadecimal digits
 * @param parentId  of the span that it is a part of; null for a root
 * @param service   who did it
 * @param operation what was done
 * @param end       null while it is under way
 * @param error     what went wrong, or null
 */
public record Span(
        String id,
        String traceId,
        @Nullable String parentId,
        String service,
        String operation,
        Instant start,
        @Nullable Instant end,
        Status status,
        Map<String, Object> tags,
        @Nullable String error) {

    /** How it stands. */
    public enum Status {
        STARTED,
        IN_PROGRESS,
        COMPLETED,
        FAILED,
        TIMEOUT
    }

    /** How long it took; zero while it is under way. */
    public Duration duration() {
        return end == null ? Duration.ZERO : Duration.between(start, end);
    }
}
