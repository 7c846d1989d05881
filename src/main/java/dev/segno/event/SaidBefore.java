package dev.segno.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which events say what another said shortly before: those of one type, service and correlation with the same payload but
 * for its trace. Reads what is on record of the time before when it is asked first, and then remembers what it is asked
 * about. Thread-safe.
 */
final class SaidBefore {

    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final int MOST = 10_000;

    private static final ObjectMapper JSON =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    private final EventStore store;

    /** What was said, by its digest, the oldest first. */
    private final LinkedHashMap<UUID, Saying> sayings = new LinkedHashMap<>();

    private boolean loaded;

    SaidBefore(EventStore store) {
        this.store = store;
    }

    /** The first event that said it, and when it was said last. */
    private record Saying(String id, Instant at) {}

    /** The event that said the same before; what is asked about is remembered. */
    synchronized Optional<String> sameAs(String id, NewEvent event, Instant now) {
        Instant begin = now.minus(WINDOW);
        if (!loaded) {
            load(begin);
            loaded = true;
        }
        forgetBefore(begin);
        UUID said = digest(event.type(), event.sourceService(), event.correlationId(), event.payload());
        Saying before = sayings.remove(said);
        sayings.put(said, new Saying(before == null ? id : before.id(), now));
        return Optional.ofNullable(before).map(Saying::id).filter(other -> !other.equals(id));
    }

    private void forgetBefore(Instant begin) {
        Iterator<Saying> oldest = sayings.values().iterator();
        while (oldest.hasNext() && (oldest.next().at().isBefore(begin) || sayings.size() >= MOST)) {
            oldest.remove();
        }
    }

    private void load(Instant begin) {
        EventQuery since = new EventQuery(
                List.of(), List.of(), Optional.empty(), Optional.empty(), Optional.of(begin), Optional.empty());
        for (Event event : store.newest(since, MOST)) {
            if (EventLog.payload(event) instanceof Map<?, ?> payload) {
                UUID said = digest(
                        event.type(), event.sourceService(), Optional.ofNullable(event.correlationId()), payload);
                String first = event.duplicateOf();
                sayings.remove(said);
                sayings.put(said, new Saying(first == null ? event.id() : first, event.publishedAt()));
            }
        }
    }

    private static UUID digest(String type, String service, Optional<String> correlation, Map<?, ?> payload) {
        Map<Object, @Nullable Object> kept = new HashMap<>(payload);
        kept.remove("trace_id");
        try {
            return UUID.nameUUIDFromBytes(JSON.writeValueAsString(List.of(type, service, correlation.orElse(""), kept))
                    .getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The payload of an event is not JSON", e);
        }
    }
}
