package dev.segno.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that has happened.
 *
 * @param id            unique, and the same whenever it is published again
 * @param type          such as {@code ingestion.requested}
 * @param channel       where it is published
 * @param payload       JSON
 * @param sequenceId    {@code service:millis:counter}, which grows with each event of a service
 * @param correlationId of the request that brought it about, if one did
 * @param traceId       32 hexadecimal digits, if there is a trace
 * @param sourceService who says so
 * @param replays       how often it was published again
 * @param duplicateOf   id of an event that said the same shortly before, if there was one
 */
public record Event(
        String id,
        String type,
        String channel,
        String payload,
        String sequenceId,
        Priority priority,
        @Nullable String correlationId,
        @Nullable String traceId,
        String sourceService,
        Instant publishedAt,
        int replays,
        @Nullable String duplicateOf) {

    /** Replays that are made without being forced. */
    public static final int MAX_REPLAYS = 3;

    /** How much it matters. */
    public enum Priority {
        LOW,
        NORMAL,
        HIGH,
        CRITICAL
    }

    /** This event as it is after it was published once more. */
    public Event replayed() {
        return new Event(
                id,
                type,
                channel,
                payload,
                sequenceId,
                priority,
                correlationId,
                traceId,
                sourceService,
                publishedAt,
                replays + 1,
                duplicateOf);
    }
}
