package dev.segno.event;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events as JSON. Stateless, hence safe for concurrent use. */
public final class EventDocument {

    private EventDocument() {}

    /** As it stands in the history. Times are seconds since 1970. */
    public static Map<String, @Nullable Object> of(Event event) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("event_id", event.id());
        document.put("event_type", event.type());
        document.put("channel", event.channel());
        document.put("payload", EventLog.payload(event));
        document.put("metadata", metadata(event));
        document.put("timestamp", seconds(event.publishedAt()));
        document.put("correlation_id", event.correlationId());
        document.put("source_service", event.sourceService());
        document.put("trace_id", event.traceId());
        document.put("replay_count", event.replays());
        document.put("max_replays", Event.MAX_REPLAYS);
        return document;
    }

    /** As it is published: with the plain fields of its payload on top, for who reads nothing else. */
    static Map<String, @Nullable Object> published(Event event, boolean replay) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        Object payload = EventLog.payload(event);
        if (payload instanceof Map<?, ?> fields) {
            fields.forEach((name, value) -> document.put(String.valueOf(name), value));
        }
        document.put("event_id", event.id());
        document.put("event_type", event.type());
        document.put("payload", payload);
        Map<String, @Nullable Object> metadata = metadata(event);
        if (replay) {
            metadata.put("replay", true);
        }
        document.put("metadata", metadata);
        return document;
    }

    private static Map<String, @Nullable Object> metadata(Event event) {
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
        metadata.put("sequence_id", event.sequenceId());
        metadata.put("timestamp", seconds(event.publishedAt()));
        metadata.put("priority", event.priority().name());
        metadata.put("correlation_id", event.correlationId());
        metadata.put("source_service", event.sourceService());
        metadata.put("retry_count", event.replays());
        metadata.put("max_retries", Event.MAX_REPLAYS);
        metadata.put("duplicate_of", event.duplicateOf());
        return metadata;
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / 1000.0;
    }
}
