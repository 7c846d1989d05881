package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The newest 5,000 lines that the log collector got. */
final class Logs {

    private static final int KEPT = 5_000;

    private final Deque<JsonNode> lines = new ArrayDeque<>();

    void add(JsonNode line) {
        lines.addLast(line);
        if (lines.size() > KEPT) {
            lines.removeFirst();
        }
    }

    /** The newest {@code limit} lines, oldest first; an empty service or level stands for any. */
    List<JsonNode> find(String service, String level, int limit) {
        List<JsonNode> found = lines.stream()
                .filter(line ->
                        service.isEmpty() || line.path("service").asText().equals(service))
                .filter(line -> level.isEmpty() || line.path("level").asText().equalsIgnoreCase(level))
                .toList();
        return found.subList(Math.max(0, found.size() - limit), found.size());
    }

    int size() {
        return lines.size();
    }

    void clear() {
        lines.clear();
    }

    static ArrayNode json(List<JsonNode> lines) {
        ArrayNode json = Json.object().arrayNode();
        lines.forEach(json::add);
        return json;
    }

    /** How many lines have each value of a field. */
    static ObjectNode counted(List<JsonNode> lines, String field) {
        Map<String, Integer> counts = new TreeMap<>();
        lines.forEach(line -> counts.merge(line.path(field).asText(), 1, Integer::sum));
        ObjectNode json = Json.object();
        counts.forEach(json::put);
        return json;
    }

    static boolean isError(JsonNode line) {
        String level = line.path("level").asText();
        return level.equalsIgnoreCase("error") || level.equalsIgnoreCase("critical");
    }
}
