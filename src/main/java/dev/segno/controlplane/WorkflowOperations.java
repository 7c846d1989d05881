package dev.segno.controlplane;

import dev.segno.run.Engine;
import dev.segno.run.Run;
import dev.segno.run.RunQuery;
import dev.segno.run.RunState;
import dev.segno.run.StartHeaders;
import dev.segno.trace.TraceStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The loaded orchestrations and their runs. Thread-safe. */
final class WorkflowOperations {

    private static final int DEFAULT_LIMIT = 20;
    private static final int MOST_OF_CORRELATION = 10_000;

    private final Engine engine;
    private final TraceStore traces;
    private final Supplier<List<Workflow>> workflows;

    WorkflowOperations(Engine engine, TraceStore traces, Supplier<List<Workflow>> workflows) {
        this.engine = engine;
        this.traces = traces;
        this.workflows = workflows;
    }

    void addTo(Map<String, ControlOperation> operations) {
        operations.put("workflows-list", this::list);
        operations.put("workflows-history", this::history);
        operations.put("workflows-status", this::status);
    }

    private ControlAnswer list(ControlRequest request) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        for (Workflow workflow : workflows.get()) {
            all.put(
                    workflow.name(),
                    JsonTree.of(
                            "name",
                            workflow.name(),
                            "description",
                            workflow.description(),
                            "services",
                            workflow.services(),
                            "parameters",
                            workflow.parameters(),
                            "version",
                            workflow.version(),
                            "source",
                            workflow.source(),
                            "enabled",
                            workflow.enabled()));
        }
        return ControlAnswer.wrapped(all.size() + " workflows", JsonTree.of("workflows", all, "count", all.size()));
    }

    private ControlAnswer history(ControlRequest request) {
        int limit = request.number("limit", DEFAULT_LIMIT);
        Optional<String> workflow = request.parameter("workflow_id");
        Optional<List<RunState>> states = request.parameter("status").map(WorkflowOperations::states);
        Optional<String> correlation = request.parameter("correlation_id");
        List<Run> found = correlation.map(this::ofCorrelation).orElseGet(() -> newest(workflow, states, limit)).stream()
                .filter(run -> workflow.isEmpty() || workflow.get().equals(run.orchestration()))
                .filter(run -> states.isEmpty() || states.get().contains(run.state()))
                .toList();
        List<Run> last = new ArrayList<>(found.subList(0, Math.min(limit, found.size())));
        Collections.reverse(last);
        long total = correlation.isPresent() ? found.size() : traces.count(workflow, states.orElse(List.of()));
        return ControlAnswer.flat(
                JsonTree.of("items", last.stream().map(this::item).toList(), "count", last.size(), "total", total));
    }

    private List<Run> ofCorrelation(String id) {
        List<Run> runs = new ArrayList<>(traces.runsOf(id, MOST_OF_CORRELATION).stream()
                .map(engine.store()::find)
                .flatMap(Optional::stream)
                .toList());
        Collections.reverse(runs);
        return runs;
    }

    /** The newest runs; each state is asked for by itself, so that a rare one is found among many others. */
    private List<Run> newest(Optional<String> workflow, Optional<List<RunState>> states, int limit) {
        Stream<Optional<RunState>> each =
                states.map(list -> list.stream().map(Optional::of)).orElseGet(() -> Stream.of(Optional.empty()));
        return each.flatMap(state -> inState(workflow, state, limit).stream())
                .sorted((one, other) -> other.id().compareTo(one.id()))
                .limit(limit)
                .toList();
    }

    private List<Run> inState(Optional<String> workflow, Optional<RunState> state, int limit) {
        List<Run> runs = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        while (runs.size() < limit) {
            int size = Math.min(RunQuery.MAX_LIMIT, limit - runs.size());
            List<Run> page = engine.store().list(new RunQuery(workflow, state, cursor, size));
            runs.addAll(page);
            if (page.size() < size) {
                break;
            }
            cursor = Optional.of(page.get(page.size() - 1).id());
        }
        return runs;
    }

    private Map<String, @Nullable Object> item(Run run) {
        Instant endedAt = run.endedAt();
        List<String> steps = traces.steps(run.id()).stream()
                .filter(step -> !step.kind().equalsIgnoreCase("saga"))
                .map(TraceStore.RecordedStep::key)
                .toList();
        return JsonTree.of(
                "correlation_id",
                StartHeaders.correlationId(run),
                "steps",
                steps,
                "saga_id",
                run.id(),
                "run_id",
                run.id(),
                "workflow_id",
                run.orchestration(),
                "status",
                word(run.state()),
                "started_at",
                JsonTree.text(run.createdAt()),
                "completed_at",
                JsonTree.text(endedAt),
                "duration_ms",
                endedAt == null
                        ? null
                        : Duration.between(run.createdAt(), endedAt).toMillis(),
                "steps_executed",
                steps.size(),
                "error_message",
                run.error() == null ? null : Masking.text(run.error().message()));
    }

    private ControlAnswer status(ControlRequest request) {
        List<Map<String, @Nullable Object>> all = workflows.get().stream()
                .map(workflow -> JsonTree.of(
                        "id",
                        workflow.name(),
                        "status",
                        engine.store().list(RunQuery.latest(workflow.name())).stream()
                                .findFirst()
                                .map(run -> word(run.state()))
                                .orElse("idle")))
                .toList();
        return ControlAnswer.flat(JsonTree.of("workflows", all));
    }

    private static String word(RunState state) {
        return switch (state) {
            case QUEUED -> "queued";
            case RUNNING -> "running";
            case WAITING -> "waiting";
            case COMPLETED -> "completed";
            case COMPENSATING -> "compensating";
            case COMPENSATED -> "compensated";
            case CANCELLED -> "cancelled";
            case PARKED, BLOCKED, FAILED -> "failed";
        };
    }

    private static List<RunState> states(String word) {
        List<RunState> states = Stream.of(RunState.values())
                .filter(state ->
                        word(state).equalsIgnoreCase(word) || state.name().equalsIgnoreCase(word))
                .toList();
        if (states.isEmpty()) {
            throw Wrong.invalid(
                    "status",
                    "must be queued, running, waiting, completed, failed, compensating," + " compensated or cancelled");
        }
        return states;
    }
}
