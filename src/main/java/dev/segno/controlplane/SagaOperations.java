package dev.segno.controlplane;

import dev.segno.run.Engine;
import dev.segno.run.Run;
import dev.segno.run.RunQuery;
import dev.segno.run.RunState;
import dev.segno.run.RunView;
import dev.segno.run.Saga;
import dev.segno.run.SagaQuery;
import dev.segno.run.SagaStatistics;
import dev.segno.run.StartHeaders;
import dev.segno.run.StepRecord;
import dev.segno.run.TraceIds;
import dev.segno.trace.Span;
import dev.segno.trace.Trace;
import dev.segno.trace.Traces;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sagas in the contract's words. A saga has the id of its run. Thread-safe. */
final class SagaOperations {

    private static final int MAX_ID = 255;
    private static final String COMPENSATION = "compensation/";

    private final Engine engine;
    private final Traces traces;
    private final Function<String, Map<String, @Nullable Object>> json;

    /** @param json reads a JSON object */
    SagaOperations(Engine engine, Traces traces, Function<String, Map<String, @Nullable Object>> json) {
        this.engine = engine;
        this.traces = traces;
        this.json = json;
    }

    void addTo(Map<String, ControlOperation> operations) {
        operations.put("saga-stats", this::statistics);
        operations.put("saga", this::one);
    }

    private ControlAnswer statistics(ControlRequest request) {
        SagaStatistics statistics = engine.store().sagas().statistics();
        long active = count(statistics, RunState.QUEUED, RunState.RUNNING, RunState.WAITING, RunState.COMPENSATING);
        long completed = count(statistics, RunState.COMPLETED);
        long compensated = count(statistics, RunState.COMPENSATED);
        long failed = count(statistics, RunState.PARKED, RunState.BLOCKED, RunState.FAILED, RunState.CANCELLED);
        long ended = completed + compensated + failed;
        double average = engine
                .store()
                .sagas()
                .list(new SagaQuery(Optional.of(RunState.COMPLETED), false, Optional.empty(), RunQuery.MAX_LIMIT))
                .stream()
                .mapToLong(SagaOperations::millis)
                .average()
                .orElse(0);
        return ControlAnswer.flat(JsonTree.of(
                "total_sagas",
                statistics.total(),
                "active_sagas",
                active,
                "completed_sagas",
                completed,
                "failed_sagas",
                failed,
                "compensated_sagas",
                compensated,
                "success_rate",
                ended == 0 ? 0.0 : (double) completed / ended,
                "avg_completion_time",
                average / 1000));
    }

    private static long count(SagaStatistics statistics, RunState... states) {
        long count = 0;
        for (RunState state : states) {
            count += statistics.byState().getOrDefault(state, 0L);
        }
        return count;
    }

    private static long millis(Run run) {
        Instant endedAt = run.endedAt();
        return endedAt == null ? 0 : Duration.between(run.createdAt(), endedAt).toMillis();
    }

    private ControlAnswer one(ControlRequest request) {
        String id = Wrong.within(request, "saga_id", MAX_ID);
        RunView view = RunView.of(engine, id).orElseThrow(() -> Wrong.notFound("Saga not found"));
        Run run = view.run();
        List<Saga.Part> parts = Saga.of(engine, id).map(Saga::parts).orElse(List.of());
        List<Span> spans = traces.find(id).map(Trace::spans).orElse(List.of());
        return ControlAnswer.flat(JsonTree.of(
                "saga_id",
                run.id(),
                "correlation_id",
                StartHeaders.correlationId(run),
                "status",
                word(run.state()),
                "created_at",
                JsonTree.seconds(run.createdAt()),
                "created_at_iso",
                JsonTree.text(run.createdAt()),
                "updated_at",
                JsonTree.seconds(run.updatedAt()),
                "updated_at_iso",
                JsonTree.text(run.updatedAt()),
                "error",
                run.error() == null ? null : Masking.text(run.error().message()),
                "steps",
                steps(view, parts, spans)));
    }

    private static String word(RunState state) {
        return switch (state) {
            case QUEUED, RUNNING, WAITING -> "running";
            case COMPLETED -> "completed";
            case COMPENSATING -> "compensating";
            case COMPENSATED -> "compensated";
            case PARKED, BLOCKED, FAILED, CANCELLED -> "failed";
        };
    }

    private List<Map<String, @Nullable Object>> steps(RunView view, List<Saga.Part> parts, List<Span> spans) {
        List<Map<String, @Nullable Object>> steps = new ArrayList<>();
        for (Saga.Part part : parts) {
            Optional<RunView.Step> work = workBehind(view, part);
            Optional<Span> call = work.flatMap(step -> callOf(step.key().path(), spans));
            Optional<Span> undo = callOf(COMPENSATION + part.key().path(), spans);
            Object payload = Masking.tree(payload(json.apply(part.options())));
            String action = call.map(span -> span.operation().replaceFirst("^[A-Z]+ ", ""))
                    .orElse(null);
            steps.add(JsonTree.of(
                    "step_id",
                    part.key().path(),
                    "service_name",
                    call.map(Span::service).orElse(Product.SERVICE),
                    "action",
                    action,
                    "payload",
                    payload,
                    "compensation",
                    undo.map(span -> span.operation().replaceFirst("^[A-Z]+ ", ""))
                            .orElse(action == null ? null : action + "/rollback"),
                    "compensation_payload",
                    payload,
                    "status",
                    status(part, work),
                    "error",
                    work.flatMap(SagaOperations::lastError).orElse(null),
                    "retry_count",
                    work.map(step -> step.failedAttempts().size()).orElse(0),
                    "max_retries",
                    DeadLetterEntry.MAX_RETRIES));
        }
        return steps;
    }

    /** What a saga keeps for undoing, by the contract's names and without what is for the transport only. */
    private static Map<String, @Nullable Object> payload(Map<String, @Nullable Object> options) {
        Map<String, @Nullable Object> payload = new LinkedHashMap<>(options);
        payload.remove(TraceIds.HEADER);
        if (payload.containsKey("X-Correlation-ID")) {
            payload.put("correlation_id", payload.remove("X-Correlation-ID"));
        }
        return payload;
    }

    /** The first step that was entered behind the note of how to undo it. */
    private static Optional<RunView.Step> workBehind(RunView view, Saga.Part part) {
        boolean found = false;
        for (RunView.Step step : view.steps()) {
            boolean saga = step.record()
                    .map(StepRecord::kind)
                    .filter(StepRecord.Kind.SAGA::equals)
                    .isPresent();
            if (step.key().equals(part.key()) && saga) {
                found = true;
            } else if (found && !saga && !step.key().path().startsWith(COMPENSATION)) {
                return Optional.of(step);
            } else if (found && saga) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Optional<Span> callOf(String key, List<Span> spans) {
        return spans.stream()
                .filter(span -> key.equals(span.tags().get("step")))
                .findFirst()
                .flatMap(step -> spans.stream()
                        .filter(span ->
                                step.id().equals(span.parentId()) && span.tags().containsKey("http.method"))
                        .findFirst());
    }

    private static String status(Saga.Part part, Optional<RunView.Step> work) {
        return switch (part.state()) {
            case COMPENSATED -> "compensated";
            case COMPENSATING -> "in_progress";
            case FAILED -> "failed";
            case BEGUN ->
                work.map(step -> switch (step.state()) {
                            case COMPLETED -> "completed";
                            case RUNNING, WAITING -> "in_progress";
                            case HANDLED, FAILED -> "failed";
                        })
                        .orElse("pending");
        };
    }

    private static Optional<String> lastError(RunView.Step step) {
        return step.state() == RunView.StepState.COMPLETED
                        || step.failedAttempts().isEmpty()
                ? Optional.empty()
                : Optional.of(Masking.text(step.failedAttempts()
                        .get(step.failedAttempts().size() - 1)
                        .error()
                        .message()));
    }
}
