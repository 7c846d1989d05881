package dev.segno.event;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Where events are kept. The rules for futures, reads and threads are those of the store that runs are in. */
public interface EventStore {

    /**
     * Writes an event, unless there is one of this key.
     *
     * @param effectKey of the step that publishes it; null outside of steps
     * @return whether it was written: {@code false} when its key is taken
     */
    CompletableFuture<Boolean> append(Event event, @Nullable String effectKey);

    /** The newest events that are meant, the oldest of them first. */
    List<Event> newest(EventQuery query, int limit);

    /** How many are meant. */
    long count(EventQuery query);

    /** Deletes those that are meant; how many there were. */
    CompletableFuture<Integer> delete(EventQuery query);

    /** Counts one more replay of an event. */
    CompletableFuture<Void> countReplay(String eventId);

    /** Deletes all but the newest {@code keep}, and those that are older than {@code since}. */
    CompletableFuture<Void> forget(int keep, Instant since);
}
