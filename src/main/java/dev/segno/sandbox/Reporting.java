package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.segno.sandbox.Findings.Finding;
import io.vertx.core.http.HttpMethod;
import java.util.List;

/** Stands in for the reports: of findings, tickets, pull requests, logs, and pages that could be put together. */
final class Reporting implements StandIn {

    private static final List<Candidate> CANDIDATES = List.of(
            new Candidate("c-1", "Runbook", 0.92, List.of("grace"), List.of("duplicate")),
            new Candidate("c-2", "Setup", 0.5, List.of("ada"), List.of("stale", "low_views")),
            new Candidate("c-3", "Onboarding", 0.3, List.of("grace"), List.of("stale")));

    private final Findings findings;
    private final Logs logs;
    private int reports;
    private int ownersNotified;

    Reporting(Findings findings, Logs logs) {
        this.findings = findings;
        this.logs = logs;
    }

    /** Pages that could be put together, and how sure that is, from 0 to 1. */
    private record Candidate(String id, String title, double confidence, List<String> owners, List<String> flags) {

        ObjectNode json() {
            ObjectNode json = Json.object().put("id", id).put("title", title).put("confidence", confidence);
            json.set("owners", Json.tree(owners));
            json.set("flags", Json.tree(flags));
            return json.set("documents", Json.tree(List.of("github:" + title, "confluence:" + title)));
        }
    }

    @Override
    public String name() {
        return "reporting";
    }

    @Override
    public String description() {
        return "reports of findings, tickets, pull requests and logs";
    }

    @Override
    public void open(Desk desk) {
        desk.on(HttpMethod.POST, "/reports/generate", Operation.work(this::generate));
        desk.on(HttpMethod.POST, "/reports/life-of-ticket", Operation.work(this::lifeOfTicket));
        desk.on(HttpMethod.POST, "/reports/pr_confidence", Operation.work(this::pullRequest));
        desk.on(HttpMethod.POST, "/reports/log_analysis", Operation.work(this::logAnalysis));
        desk.on(
                HttpMethod.GET,
                "/reports/confluence/consolidation",
                Operation.read(this::consolidation).withoutKey());
        desk.on(HttpMethod.POST, "/reports/findings/notify-owners", Operation.work(this::notifyOwners));
        desk.on(
                HttpMethod.POST,
                "/reports/findings/notify-owners/rollback",
                Operation.work(request -> takeBackNotices()));
    }

    @Override
    public ObjectNode records(boolean ids) {
        return Json.object().put("reports", reports).put("ownersNotified", ownersNotified);
    }

    @Override
    public void reset() {
        reports = 0;
        ownersNotified = 0;
    }

    private ObjectNode report(Request request) {
        reports++;
        return Json.object()
                .put("report_id", "report-" + reports)
                .put("format", request.json().path("format").asText("json"))
                .put("status", "generated");
    }

    private Answer generate(Request request) {
        List<Finding> found = findings.of(request.json().path("correlation_id").asText());
        ObjectNode answer = report(request);
        ObjectNode summary = answer.putObject("summary").put("total", found.size());
        summary.set("by_severity", Findings.bySeverity(found));
        return Answer.json(200, answer.set("findings", Findings.json(found)));
    }

    private Answer lifeOfTicket(Request request) {
        String ticket = request.json().path("ticket_id").asText();
        if (ticket.isEmpty()) {
            return Answer.error(422, "No ticket", "ticket_id is required");
        }
        ObjectNode answer = report(request).put("ticket_id", ticket);
        ArrayNode stages = answer.putArray("stages");
        for (String stage : List.of("created", "in progress", "review", "done")) {
            stages.addObject().put("stage", stage).put("ticket_id", ticket);
        }
        return Answer.json(200, answer);
    }

    private Answer pullRequest(Request request) {
        JsonNode pull = request.json().path("pr_id");
        if (pull.isMissingNode()) {
            return Answer.error(422, "No pull request", "pr_id is required");
        }
        int confidence = Math.floorMod(pull.asText().hashCode(), 101);
        return Answer.json(200, report(request).put("pr_id", pull.asText()).put("confidence", confidence));
    }

    private Answer logAnalysis(Request request) {
        JsonNode wish = request.json();
        List<JsonNode> lines = logs.find(
                wish.path("service").asText(),
                wish.path("level").asText(),
                wish.path("limit").asInt(100));
        ObjectNode answer = report(request);
        ObjectNode overview = answer.putObject("overview").put("count", lines.size());
        overview.set("by_level", Logs.counted(lines, "level"));
        ArrayNode sample = answer.putArray("sample");
        lines.stream().limit(10).forEach(line -> {
            ObjectNode shown = sample.addObject();
            for (String field : List.of("level", "service", "message", "timestamp")) {
                shown.put(field, line.path(field).asText());
            }
        });
        return Answer.json(200, answer);
    }

    private Answer consolidation(Request request) {
        double least = Double.parseDouble(request.query().getOrDefault("min_confidence", "0"));
        ObjectNode answer = Json.object();
        ArrayNode items = answer.putArray("items");
        CANDIDATES.stream()
                .filter(candidate -> candidate.confidence() >= least)
                .forEach(candidate -> items.add(candidate.json()));
        return Answer.json(200, answer.put("total", items.size()));
    }

    private Answer notifyOwners(Request request) {
        int notified =
                findings.of(request.json().path("correlation_id").asText()).size();
        ownersNotified += notified;
        return Answer.json(200, Json.object().put("status", "ok").put("notified", notified));
    }

    private Answer takeBackNotices() {
        int removed = ownersNotified;
        ownersNotified = 0;
        return Answer.json(200, Json.object().put("status", "rolled_back").put("removed", removed));
    }
}
