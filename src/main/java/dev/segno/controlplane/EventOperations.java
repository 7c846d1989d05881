package dev.segno.controlplane;

import dev.segno.event.Event;
import dev.segno.event.EventDocument;
import dev.segno.event.EventLog;
import dev.segno.event.EventQuery;
import dev.segno.event.NewEvent;
import dev.segno.run.Run;
import dev.segno.run.RunState;
import dev.segno.run.RunStore;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** History, replay and clearing of events, and their publication by routes. Thread-safe. */
final class EventOperations {

    private static final int DEFAULT_LIMIT = 100;
    private static final Pattern TRACE_PARENT = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-.*");

    private final EventLog log;
    private final RunStore runs;

    EventOperations(EventLog log, RunStore runs) {
        this.log = log;
        this.runs = runs;
    }

    void addTo(Map<String, ControlOperation> operations) {
        operations.put("events-history", this::history);
        operations.put("events-replay", this::replay);
        operations.put("events-clear", this::clear);
        operations.put("publish-event", this::publish);
    }

    private ControlAnswer history(ControlRequest request) {
        EventQuery query = new EventQuery(
                request.parameter("event_type").map(List::of).orElse(List.of()),
                List.of(),
                request.parameter("correlation_id"),
                request.parameter("source_service"),
                request.parameter("since").map(text -> time("since", text)),
                request.parameter("until").map(text -> time("until", text)));
        List<Map<String, @Nullable Object>> events = log.newest(query, request.number("limit", DEFAULT_LIMIT)).stream()
                .map(EventDocument::of)
                .toList();
        return ControlAnswer.flat(JsonTree.of("events", events, "count", events.size(), "total", log.count(query)));
    }

    private ControlAnswer replay(ControlRequest request) {
        EventQuery query = new EventQuery(
                request.texts("event_types"),
                request.texts("event_ids"),
                request.text("correlation_id"),
                Optional.empty(),
                time(request, "start_time"),
                time(request, "end_time"));
        EventLog.Replay replay = log.replay(
                query,
                request.integer("limit", DEFAULT_LIMIT),
                this::isDone,
                request.flag("dry_run"),
                request.flag("force"));
        return ControlAnswer.flat(JsonTree.of(
                "replayed_events",
                replay.published(),
                "count",
                replay.published().size(),
                "dry_run",
                request.flag("dry_run"),
                "skipped",
                replay.skipped().stream()
                        .map(skipped -> JsonTree.of("event_id", skipped.eventId(), "reason", skipped.reason()))
                        .toList()));
    }

    /** Whether the run that an event has started is completed: it would not be started again. */
    private boolean isDone(Event event) {
        return EventLog.payload(event) instanceof Map<?, ?> payload
                && payload.get("run_id") instanceof String id
                && runs.find(id)
                        .map(Run::state)
                        .filter(RunState.COMPLETED::equals)
                        .isPresent();
    }

    private ControlAnswer clear(ControlRequest request) {
        Optional<String> type = named(request, "event_type");
        Optional<String> correlation = named(request, "correlation_id");
        Optional<Instant> before =
                time(request, "before").or(() -> request.parameter("before").map(text -> time("before", text)));
        boolean all = request.flag("all")
                || request.parameter("all").filter("true"::equals).isPresent();
        if (type.isEmpty() && correlation.isEmpty() && before.isEmpty() && !all) {
            return cleared(0, "Nothing was cleared: say which events, or all: true");
        }
        EventQuery query = new EventQuery(
                type.map(List::of).orElse(List.of()),
                List.of(),
                correlation,
                Optional.empty(),
                Optional.empty(),
                before);
        int count = log.delete(query);
        return cleared(count, count + " events were cleared");
    }

    private static Optional<String> named(ControlRequest request, String name) {
        return request.text(name).or(() -> request.parameter(name));
    }

    private static ControlAnswer cleared(int count, String message) {
        return ControlAnswer.flat(
                JsonTree.of("status", "cleared", "message", message, "cleared_events", count, "cleared_count", count));
    }

    private ControlAnswer publish(ControlRequest request) {
        String type = request.parameter("event_type")
                .or(() -> request.text("event_type"))
                .orElseThrow(() -> Wrong.missing("event_type", "event_type is required"));
        Map<String, @Nullable Object> payload = request.body().get("payload") instanceof Map<?, ?>
                ? request.object("payload")
                : JsonTree.object(request.body());
        payload.remove("event_type");
        // Only a run may name its events: what comes from callers could name one that is there.
        Optional<String> id = request.effectKey().flatMap(key -> request.text("event_id"));
        payload.remove("event_id");
        Optional<String> trace = request.text("trace_id")
                .or(() -> request.parameter("traceparent")
                        .map(TRACE_PARENT::matcher)
                        .filter(Matcher::matches)
                        .map(found -> found.group(1)));
        Event event = log.publish(
                new NewEvent(
                        id,
                        type,
                        request.text("channel"),
                        payload,
                        priority(request),
                        request.text("correlation_id").or(() -> Optional.of(request.correlationId())),
                        trace,
                        request.text("source_service").orElse(Product.SERVICE)),
                request.effectKey());
        return ControlAnswer.flat(JsonTree.of("status", "published", "event_id", event.id()));
    }

    private static Event.Priority priority(ControlRequest request) {
        String text = request.text("priority").orElse("NORMAL").toUpperCase(Locale.ROOT);
        try {
            return Event.Priority.valueOf(text);
        } catch (IllegalArgumentException e) {
            throw Wrong.invalid("priority", "must be LOW, NORMAL, HIGH or CRITICAL");
        }
    }

    private static Optional<Instant> time(ControlRequest request, String name) {
        @Nullable Object value = request.body().get(name);
        if (value instanceof Number seconds) {
            return Optional.of(Instant.ofEpochMilli((long) (seconds.doubleValue() * 1000)));
        }
        return value == null || String.valueOf(value).isBlank()
                ? Optional.empty()
                : Optional.of(time(name, String.valueOf(value)));
    }

    /** Seconds since 1970, or a time in ISO 8601. */
    private static Instant time(String name, String text) {
        try {
            return text.matches("\\d{1,11}(\\.\\d{1,9})?")
                    ? Instant.ofEpochMilli((long) (Double.parseDouble(text) * 1000))
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            throw Wrong.invalid(name, "must be seconds since 1970 or a time such as 2026-01-02T03:04:05Z");
        }
    }
}
