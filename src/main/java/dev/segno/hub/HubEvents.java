package dev.segno.hub;

import com.github.f4b6a3.ulid.UlidCreator;
import dev.segno.event.Event;
import dev.segno.event.EventLog;
import dev.segno.event.EventQuery;
import dev.segno.event.NewEvent;
import dev.segno.run.Run;
import dev.segno.run.StartHeaders;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what the service hub tells. What is told of a run goes under a key of that run, so that to tell it again comes
 * to nothing: first its start, then its end; a run that is retried begins and ends once more. Blocks on the store.
 * Thread-safe.
 */
final class HubEvents {

    static final String START = "operation_start";
    static final String COMPLETE = "operation_complete";
    static final String ERROR = "operation_error";
    static final String HEALTH = "service_health_change";

    private static final List<String> OF_OPERATIONS = List.of(START, COMPLETE, ERROR);
    private static final String SOURCE = "service-hub";

    private final Supplier<EventLog> log;
    /** What has begun and not ended, and was told by this process. */
    private final Set<String> begun = ConcurrentHashMap.newKeySet();

    /** @param log asked for when there is something to tell */
    HubEvents(Supplier<EventLog> log) {
        this.log = log;
    }

    void begun(HubOperation operation, Run run, Map<String, @Nullable Object> input) {
        publish(START, run, operation.shownOf(input));
        begun.add(keyOf(run));
    }

    /** Whether this process has told that a run has begun, and not that it has ended. */
    boolean hasTold(Run run) {
        return begun.contains(keyOf(run));
    }

    void ended(HubOperation operation, Run run, EndedOperation end) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("operation", operation.word());
        data.put("success", end.success());
        data.put("partial", end.partial());
        data.put("run_id", run.id());
        if (end.error() != null) {
            data.put("error", HubOperation.masked(end.error()));
        }
        publish(end.success() ? COMPLETE : ERROR, run, data);
        begun.remove(keyOf(run));
    }

    void healthChanged(Map<String, @Nullable Object> health) {
        log.get().publish(event(HEALTH, Optional.empty(), health), Optional.empty());
    }

    /** When the last event of an operation was published that is still on record. */
    Optional<Instant> last() {
        EventQuery query = new EventQuery(
                OF_OPERATIONS, List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        return log.get().newest(query, 1).stream().findFirst().map(Event::publishedAt);
    }

    private void publish(String type, Run run, Map<String, @Nullable Object> data) {
        String effect = SOURCE + '/' + keyOf(run) + (type.equals(START) ? "/start" : "/end");
        log.get().publish(event(type, Optional.of(StartHeaders.correlationId(run)), data), Optional.of(effect));
    }

    private static String keyOf(Run run) {
        return run.id() + '/' + run.retries();
    }

    /** Ids grow with time, so that who comes back can say which one was the last. */
    private static NewEvent event(String type, Optional<String> operationId, Map<String, @Nullable Object> data) {
        return new NewEvent(
                Optional.of(UlidCreator.getMonotonicUlid().toString()),
                type,
                Optional.empty(),
                data,
                Event.Priority.NORMAL,
                operationId,
                Optional.empty(),
                SOURCE);
    }
}
