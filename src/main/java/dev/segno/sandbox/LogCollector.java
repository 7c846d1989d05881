package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Stands in for the log collector: takes lines, shows them, and counts them. */
final class LogCollector implements StandIn {

    private static final int TOP_SERVICES = 10;

    private final Logs logs;
    private final Clock clock;

    LogCollector(Logs logs, Clock clock) {
        this.logs = logs;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "log-collector";
    }

    @Override
    public String description() {
        return "log lines and their statistics";
    }

    @Override
    public void open(Desk desk) {
        desk.on(HttpMethod.POST, "/logs", Operation.work(this::take));
        desk.on(HttpMethod.POST, "/logs/batch", Operation.work(this::takeAll));
        desk.on(HttpMethod.GET, "/logs", Operation.read(this::find).withoutKey());
        desk.on(
                HttpMethod.GET,
                "/stats",
                Operation.read(request -> Answer.json(200, statistics())).withoutKey());
    }

    @Override
    public ObjectNode records(boolean ids) {
        return Json.object().put("lines", logs.size());
    }

    @Override
    public void reset() {
        logs.clear();
    }

    private Answer take(Request request) {
        add(request.json());
        return Answer.json(200, Json.object().put("status", "ok").put("count", 1));
    }

    private Answer takeAll(Request request) {
        JsonNode lines = request.json().isArray()
                ? request.json()
                : request.json().path("logs").isArray()
                        ? request.json().path("logs")
                        : request.json().path("items");
        if (!lines.isArray()) {
            throw new IllegalArgumentException("The body is a list of lines, or has one in 'logs'");
        }
        lines.forEach(this::add);
        return Answer.json(200, Json.object().put("status", "ok").put("count", lines.size()));
    }

    private void add(JsonNode line) {
        if (!line.isObject() || line.path("message").isMissingNode()) {
            throw new IllegalArgumentException("A line is an object with service, level and message");
        }
        ObjectNode kept = ((ObjectNode) line).deepCopy();
        if (!kept.path("timestamp").isTextual()) {
            kept.put("timestamp", clock.instant().toString());
        }
        logs.add(kept);
    }

    private Answer find(Request request) {
        String limit = request.query().getOrDefault("limit", "100");
        if (!limit.matches("\\d{1,5}")) {
            throw new IllegalArgumentException("limit is a whole number");
        }
        List<JsonNode> found = logs.find(
                request.query().getOrDefault("service", ""),
                request.query().getOrDefault("level", ""),
                Integer.parseInt(limit));
        ObjectNode answer = Json.object().put("count", found.size());
        return Answer.json(200, answer.set("items", Logs.json(found)));
    }

    private ObjectNode statistics() {
        List<JsonNode> lines = logs.find("", "", Integer.MAX_VALUE);
        List<JsonNode> errors = lines.stream().filter(Logs::isError).toList();
        ObjectNode services = Logs.counted(lines, "service");
        ObjectNode statistics = Json.object().put("count", lines.size());
        statistics.set("by_level", Logs.counted(lines, "level"));
        statistics.set("by_service", services);
        statistics.set("errors_by_service", Logs.counted(errors, "service"));
        ArrayNode top = statistics.putArray("top_services");
        services.properties().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, JsonNode> entry) ->
                                -entry.getValue().asInt())
                        .thenComparing(Map.Entry::getKey))
                .limit(TOP_SERVICES)
                .forEach(entry -> top.addObject()
                        .put("service", entry.getKey())
                        .put("count", entry.getValue().asInt()));
        return statistics;
    }
}
