package dev.segno.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** What the analysis found, and what reports are made of. */
final class Findings {

    private final List<Finding> all = new ArrayList<>();

    /**
     * One finding.
     *
     * @param severity {@code low} or {@code med}
     * @param documents ids of the documents that it is about
     */
    record Finding(String correlationId, String type, String severity, String text, List<String> documents) {

        ObjectNode json() {
            ObjectNode json = Json.object()
                    .put("correlation_id", correlationId)
                    .put("type", type)
                    .put("severity", severity)
                    .put("text", text);
            return json.set("documents", Json.tree(documents));
        }
    }

    /** Takes these in the place of what was found in this ingestion before. */
    void replace(String correlationId, List<Finding> found) {
        remove(correlationId);
        all.addAll(found);
    }

    int remove(String correlationId) {
        int before = all.size();
        all.removeIf(finding -> finding.correlationId().equals(correlationId));
        return before - all.size();
    }

    /** Those of one ingestion, or all if no correlation is given. */
    List<Finding> of(String correlationId) {
        return all.stream()
                .filter(finding ->
                        correlationId.isEmpty() || finding.correlationId().equals(correlationId))
                .toList();
    }

    void clear() {
        all.clear();
    }

    static ArrayNode json(List<Finding> findings) {
        ArrayNode json = Json.object().arrayNode();
        findings.forEach(finding -> json.add(finding.json()));
        return json;
    }

    /** How many there are of each severity; none is a number too. */
    static ObjectNode bySeverity(List<Finding> findings) {
        Map<String, Integer> counts = new TreeMap<>(Map.of("low", 0, "med", 0));
        return counted(findings, Finding::severity, counts);
    }

    static ObjectNode byType(List<Finding> findings) {
        return counted(findings, Finding::type, new TreeMap<>());
    }

    private static ObjectNode counted(
            List<Finding> findings, Function<Finding, String> what, Map<String, Integer> counts) {
        findings.forEach(finding -> counts.merge(what.apply(finding), 1, Integer::sum));
        ObjectNode json = Json.object();
        counts.forEach(json::put);
        return json;
    }
}
