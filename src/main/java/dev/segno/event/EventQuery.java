package dev.segno.event;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which events are meant: those that fit everything that is given.
 *
 * @param types of which it is one; empty for all
 * @param ids   of which it is one; empty for all
 * @param since published then or later
 * @param until published then or earlier
 */
public record EventQuery(
        List<String> types,
        List<String> ids,
        Optional<String> correlationId,
        Optional<String> sourceService,
        Optional<Instant> since,
        Optional<Instant> until) {

    /** All events. */
    public static final EventQuery ALL = new EventQuery(
            List.of(), List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public EventQuery {
        types = List.copyOf(types);
        ids = List.copyOf(ids);
    }
}
