package dev.segno.hub;

import dev.segno.controlplane.ControlAnswer;
import dev.segno.controlplane.ControlOperation;
import dev.segno.controlplane.ControlRequest;
import dev.segno.event.Event;
import dev.segno.event.EventLog;
import dev.segno.event.NewEvent;
import dev.segno.run.NewRun;
import dev.segno.run.Payload;
import dev.segno.run.Run;
import dev.segno.run.RunObserver;
import dev.segno.run.RunState;
import dev.segno.run.RunStore;
import dev.segno.run.StepError;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the runs of the service hub's operations: publishes an event when one begins and one when it has ended or stands,
 * and counts. Health checks are made by a route, which hands over what it found. Thread-safe.
 */
public final class ServiceHub implements RunObserver {

    /** What it publishes. */
    public static final List<String> EVENT_TYPES =
            List.of("operation_start", "operation_complete", "operation_error", "service_health_change");

    private static final Logger LOG = LoggerFactory.getLogger(ServiceHub.class);
    private static final String SOURCE = "service-hub";

    private final Supplier<EventLog> events;
    private final RunStore runs;
    private final Function<String, Map<String, @Nullable Object>> json;
    private final Executor executor;
    private final Clock clock;
    private final HubFigures figures = new HubFigures();
    private Map<String, String> lastHealth = Map.of();
    /** What is still to be told: one after the other, so that an end comes behind its start. */
    private CompletableFuture<?> telling = CompletableFuture.completedFuture(null);

    /**
     * @param events   asked for when there is something to tell
     * @param json     reads a JSON object
     * @param executor on which events are written, which blocks
     */
    public ServiceHub(
            Supplier<EventLog> events,
            RunStore runs,
            Function<String, Map<String, @Nullable Object>> json,
            Executor executor,
            Clock clock) {
        this.events = events;
        this.runs = runs;
        this.json = json;
        this.executor = executor;
        this.clock = clock;
    }

    /** What its routes ask for as {@code control:NAME}. */
    public Map<String, ControlOperation> operations() {
        return Map.of("hub-metrics", request -> ControlAnswer.flat(figures.document()), "hub-health", this::checked);
    }

    /** How many operations came to which end since the process began. */
    public Map<String, LongSupplier> counts() {
        return Map.of("successful", figures::successful, "partial", figures::partial, "failed", figures::failed);
    }

    @Override
    public void started(NewRun run) {
        HubOperation.of(run.orchestration())
                .ifPresent(operation -> later(() -> {
                    String text = run.input() instanceof Payload.Inline inline
                            ? new String(inline.bytes(), StandardCharsets.UTF_8)
                            : "{}";
                    publish(
                            "operation_start",
                            operationId(run.headers(), run.id()),
                            operation.shownOf(json.apply(text)));
                }));
    }

    @Override
    public void ended(Run run, RunState state, Instant at) {
        HubOperation.of(run.orchestration()).ifPresent(operation -> later(() -> tell(operation, run, state, at)));
    }

    private synchronized void later(Runnable task) {
        telling = telling.handleAsync(
                (told, failure) -> {
                    if (failure != null) {
                        LOG.warn("An event of the service hub could not be published: {}", failure.toString());
                    }
                    task.run();
                    return told;
                },
                executor);
    }

    private void tell(HubOperation operation, Run run, RunState state, Instant at) {
        Map<String, @Nullable Object> output = state == RunState.COMPLETED ? outputOf(run.id()) : Map.of();
        boolean success = state == RunState.COMPLETED && output.get("error") == null;
        boolean partial = output.get("service_errors") instanceof Map<?, ?> errors && !errors.isEmpty();
        figures.ended(success, partial, Duration.between(run.createdAt(), at).toNanos() / 1e6);
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("operation", operation.word());
        data.put("success", success);
        data.put("partial", success && partial);
        data.put("run_id", run.id());
        if (!success) {
            data.put("error", state == RunState.COMPLETED ? output.get("error") : errorOf(run.id(), state));
        }
        publish(success ? "operation_complete" : "operation_error", operationId(run.headers(), run.id()), data);
    }

    private String errorOf(String runId, RunState state) {
        return runs.find(runId)
                .map(Run::error)
                .map(StepError::message)
                .orElse("The run is " + state.name().toLowerCase(Locale.ROOT));
    }

    private Map<String, @Nullable Object> outputOf(String runId) {
        return runs.find(runId)
                .map(Run::output)
                .filter(Payload.Inline.class::isInstance)
                .map(output -> json.apply(new String(((Payload.Inline) output).bytes(), StandardCharsets.UTF_8)))
                .orElse(Map.of());
    }

    private String operationId(@Nullable String headers, String runId) {
        @Nullable Object id = headers == null ? null : json.apply(headers).get("X-Correlation-ID");
        return id == null ? runId : id.toString();
    }

    /** The body: what each service is, and what that makes of the whole. */
    private ControlAnswer checked(ControlRequest request) {
        Map<String, String> statuses = new LinkedHashMap<>();
        for (String service : HubFigures.SERVICES) {
            statuses.put(
                    service,
                    request.body().get(service) instanceof Map<?, ?> found
                            ? String.valueOf(found.get("status"))
                            : "unknown");
        }
        figures.checked(statuses, clock.instant());
        statuses.put("overall", String.valueOf(request.body().get("overall")));
        Map<String, String> before;
        synchronized (this) {
            before = lastHealth;
            lastHealth = statuses;
        }
        if (!before.equals(statuses)) {
            List<String> changed = HubFigures.SERVICES.stream()
                    .filter(service -> !Objects.equals(before.get(service), statuses.get(service)))
                    .toList();
            Map<String, @Nullable Object> data = new LinkedHashMap<>(request.body());
            if (changed.size() == 1) {
                data.put("serviceName", changed.get(0));
            }
            publish("service_health_change", null, data);
        }
        return ControlAnswer.flat(request.body());
    }

    private void publish(String type, @Nullable String operationId, Map<String, @Nullable Object> data) {
        events.get()
                .publish(
                        new NewEvent(
                                Optional.empty(),
                                type,
                                Optional.empty(),
                                data,
                                Event.Priority.NORMAL,
                                Optional.ofNullable(operationId),
                                Optional.empty(),
                                SOURCE),
                        Optional.empty());
    }
}
