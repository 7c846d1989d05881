package dev.segno.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.f4b6a3.ulid.UlidCreator;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes events: each is on disk before anybody hears of it, and names the one that said the same in the five minutes
 * before. Keeps the newest 10,000 of the last 30 days. Methods block on the store. Thread-safe.
 */
public final class EventLog {

    /** Most events that are kept, but for those since the last time that old ones were deleted. */
    public static final int KEPT = 10_000;

    private static final Duration KEPT_FOR = Duration.ofDays(30);
    private static final int FORGET_EVERY = 100;

    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EventStore store;
    private final EventSink sink;
    private final Clock clock;
    private final AtomicLong counter = new AtomicLong();
    private final SaidBefore saidBefore;
    private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();

    public EventLog(EventStore store, EventSink sink, Clock clock) {
        this.store = store;
        this.sink = sink;
        this.clock = clock;
        this.saidBefore = new SaidBefore(store);
    }

    /** Why an event was not published again. */
    public record Skipped(String eventId, String reason) {}

    /** What a replay came to. */
    public record Replay(List<String> published, List<Skipped> skipped) {}

    /**
     * Publishes an event.
     *
     * @param effectKey the same whenever the same step publishes the same event: it is published once. Empty outside of
     *                  steps
     */
    public Event publish(NewEvent wish, Optional<String> effectKey) {
        Instant now = clock.instant();
        long number = counter.incrementAndGet();
        String id = wish.id()
                .or(() -> effectKey.map(EventLog::idOf))
                .orElseGet(() -> UlidCreator.getMonotonicUlid().toString());
        Event event = new Event(
                id,
                wish.type(),
                wish.channel().orElse(wish.type()),
                text(wish.payload()),
                wish.sourceService() + ":" + now.toEpochMilli() + ":" + number,
                wish.priority(),
                wish.correlationId().orElse(null),
                wish.traceId().orElse(null),
                wish.sourceService(),
                now,
                0,
                saidBefore.sameAs(id, wish, now).orElse(null));
        boolean written = store.append(event, effectKey.orElse(null)).join();
        if (written) {
            listeners.forEach(listener -> listener.accept(event));
            spread(event, false);
        }
        if (number % FORGET_EVERY == 1) {
            var unused = store.forget(KEPT, now.minus(KEPT_FOR));
        }
        return event;
    }

    /**
     * Publishes events again, the oldest first, on the same channel and with the same id.
     *
     * @param superfluous tells of events that have had their effect for good
     * @param dryRun      whether nothing is published, and only told what would be
     * @param force       whether those are published as well that were often enough
     */
    public Replay replay(EventQuery query, int limit, Predicate<Event> superfluous, boolean dryRun, boolean force) {
        List<String> published = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        for (Event event : store.newest(query, limit)) {
            if (!force && event.replays() >= Event.MAX_REPLAYS) {
                skipped.add(new Skipped(event.id(), "max_replays"));
            } else if (!force && superfluous.test(event)) {
                skipped.add(new Skipped(event.id(), "duplicate_run_completed"));
            } else {
                published.add(event.id());
                if (!dryRun) {
                    store.countReplay(event.id()).join();
                    spread(event.replayed(), true);
                }
            }
        }
        return new Replay(published, skipped);
    }

    /**
     * Tells somebody of each event that is published in this process from now on, after it is on record.
     *
     * @param listener returns at once and throws nothing
     * @return ends that
     */
    public Runnable listen(Consumer<Event> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** The newest events that are meant, the oldest of them first. */
    public List<Event> newest(EventQuery query, int limit) {
        return store.newest(query, limit);
    }

    /** How many are meant. */
    public long count(EventQuery query) {
        return store.count(query);
    }

    /** Deletes those that are meant; how many there were. */
    public int delete(EventQuery query) {
        return store.delete(query).join();
    }

    /** The payload of an event. */
    public static @Nullable Object payload(Event event) {
        try {
            return JSON.readValue(event.payload(), Object.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An event on record is JSON", e);
        }
    }

    private void spread(Event event, boolean replay) {
        try {
            sink.publish(event.channel(), text(EventDocument.published(event, replay)));
        } catch (RuntimeException e) {
            LOG.warn("Event {} is on record, but could not be published: {}", event.id(), e.toString());
        }
    }

    /** Of the same key the same id, so that who hears it twice can tell. */
    private static String idOf(String effectKey) {
        return UUID.nameUUIDFromBytes(effectKey.getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static String text(Map<String, @Nullable Object> document) {
        try {
            return JSON.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The payload of an event is not JSON", e);
        }
    }
}
