package dev.segno.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stands in for the service hub's workflow service. An execution is completed half a second after it was asked for. */
final class WorkflowService extends HubService {

    private static final Duration TO_COMPLETE = Duration.ofMillis(500);

    private final Map<String, ObjectNode> workflows = new LinkedHashMap<>();
    private final Map<String, ObjectNode> executions = new LinkedHashMap<>();

    WorkflowService(Clock clock) {
        super("workflow", clock);
        add("wf-ai", "active", "manual");
        add("wf-search", "active", "event");
        add("wf-search-2", "active", "event");
        add("wf-paused", "paused", "manual");
        add("tpl-collab", "active", "manual");
        for (int number = 1; number <= 3; number++) {
            add("tpl-start-" + number, "template", "manual");
        }
    }

    private void add(String id, String status, String trigger) {
        ObjectNode workflow = Json.object()
                .put("id", id)
                .put("name", "Workflow " + id)
                .put("status", status)
                .put("trigger_type", trigger);
        ObjectNode config = workflow.putObject("trigger_config");
        if (trigger.equals("event")) {
            config.put("event_type", "search_results");
        }
        workflows.put(id, workflow);
    }

    @Override
    public String description() {
        return "workflows of the service hub and their executions";
    }

    @Override
    public void open(Desk desk) {
        read(
                desk,
                "/api/v1/workflows",
                request -> page(
                        request,
                        workflows.values().stream()
                                .filter(workflow -> request.query()
                                        .getOrDefault(
                                                "status",
                                                workflow.path("status").asText())
                                        .equals(workflow.path("status").asText()))
                                .toList()));
        read(desk, "/api/v1/workflows/:id", request -> shown(workflows.get(request.parameter("id"))));
        work(desk, "/api/v1/workflows/:id/execute", this::execute);
        read(desk, "/api/v1/executions/:id", this::execution);
    }

    @Override
    public ObjectNode records(boolean ids) {
        return Json.object().put("executions", executions.size());
    }

    @Override
    public void reset() {
        super.reset();
        executions.clear();
    }

    private Answer execute(Request request) {
        @Nullable ObjectNode workflow = workflows.get(request.parameter("id"));
        if (workflow == null) {
            return shown(null);
        }
        if (workflow.path("status").asText().equals("paused")) {
            return detail(409, "Workflow is paused");
        }
        ObjectNode execution = Json.object()
                .put("id", "execution-" + (executions.size() + 1))
                .put("workflow_id", workflow.path("id").asText())
                .put("status", "running")
                .put("started_at", clock.instant().toString());
        execution.set("input_data", request.json().path("input_data"));
        execution.putArray("steps_executed");
        executions.put(execution.path("id").asText(), execution);
        return Answer.json(200, execution);
    }

    private Answer execution(Request request) {
        @Nullable ObjectNode execution = executions.get(request.parameter("id"));
        if (execution != null
                && !clock.instant()
                        .isBefore(Instant.parse(execution.path("started_at").asText())
                                .plus(TO_COMPLETE))) {
            execution.put("status", "completed");
        }
        return shown(execution);
    }

    private static Answer shown(@Nullable ObjectNode record) {
        return record == null ? detail(404, "Not found") : Answer.json(200, record);
    }
}
