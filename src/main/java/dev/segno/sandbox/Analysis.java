package dev.segno.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.segno.sandbox.Documents.Document;
import dev.segno.sandbox.Findings.Finding;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stands in for the analysis of documents: {@code POST /analyze} finds documents with the same content, and endpoints of an
 * API that the README does not name; {@code POST /analyze/rollback} forgets what was found.
 */
final class Analysis implements StandIn {

    private final Documents documents;
    private final Findings findings;

    Analysis(Documents documents, Findings findings) {
        this.documents = documents;
        this.findings = findings;
    }

    @Override
    public String name() {
        return "analysis-service";
    }

    @Override
    public String description() {
        return "ingestion: finds duplicates, and endpoints without documentation";
    }

    @Override
    public void open(Desk desk) {
        desk.on(HttpMethod.POST, "/analyze", Operation.work(this::analyze));
        desk.on(HttpMethod.POST, "/analyze/rollback", Operation.work(this::rollBack));
        desk.on(
                HttpMethod.GET,
                "/findings",
                Operation.read(request ->
                                Answer.json(200, listed(request.query().getOrDefault("correlation_id", ""))))
                        .withoutKey());
    }

    @Override
    public ObjectNode records(boolean ids) {
        return Json.object().put("findings", findings.of("").size());
    }

    @Override
    public void reset() {
        findings.clear();
    }

    private Answer analyze(Request request) {
        String correlation = request.json().path("correlation_id").asText();
        List<Document> looked = documents.of(correlation);
        List<Finding> found = duplicates(correlation, looked);
        found.addAll(undocumented(correlation, looked));
        findings.replace(correlation, found);
        return Answer.json(200, listed(correlation));
    }

    private ObjectNode listed(String correlation) {
        List<Finding> found = findings.of(correlation);
        ObjectNode json = Json.object().put("count", found.size());
        json.set("findings", Findings.json(found));
        json.set("severity_counts", Findings.bySeverity(found));
        return json.set("type_counts", Findings.byType(found));
    }

    private Answer rollBack(Request request) {
        int removed = findings.remove(request.json().path("correlation_id").asText());
        return Answer.json(200, Json.object().put("status", "rolled_back").put("removed", removed));
    }

    private static List<Finding> duplicates(String correlation, List<Document> looked) {
        Map<String, Document> firsts = new LinkedHashMap<>();
        List<Finding> found = new ArrayList<>();
        for (Document document : looked) {
            Document first = firsts.putIfAbsent(document.hash(), document);
            if (first != null) {
                found.add(new Finding(
                        correlation,
                        "duplicate",
                        "med",
                        document.id() + " has the content of " + first.id(),
                        List.of(first.id(), document.id())));
            }
        }
        return found;
    }

    private static List<Finding> undocumented(String correlation, List<Document> looked) {
        List<Document> readmes = looked.stream()
                .filter(document -> document.metadata().path("title").asText().equals("README.md"))
                .toList();
        List<Finding> found = new ArrayList<>();
        for (Document api : looked) {
            api.metadata().path("endpoints").forEach(endpoint -> {
                boolean named =
                        readmes.stream().anyMatch(readme -> readme.content().contains(endpoint.asText()));
                if (!readmes.isEmpty() && !named) {
                    found.add(new Finding(
                            correlation,
                            "drift",
                            "low",
                            "The README does not name " + endpoint.asText(),
                            List.of(readmes.get(0).id(), api.id())));
                }
            });
        }
        return found;
    }
}
