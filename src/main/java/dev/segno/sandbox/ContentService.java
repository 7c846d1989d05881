package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Stands in for the service hub's content service: the documents {@code doc-1} to {@code doc-30}, of which the last three
 * are templates and the first twelve speak of a contract.
 */
final class ContentService extends HubService {

    private static final int DOCUMENTS = 30;
    private static final int TEMPLATES = 3;
    private static final int CONTRACTS = 12;

    private final List<ObjectNode> documents = IntStream.rangeClosed(1, DOCUMENTS)
            .mapToObj(ContentService::document)
            .toList();

    ContentService(Clock clock) {
        super("content", clock);
    }

    private static ObjectNode document(int number) {
        boolean template = number > DOCUMENTS - TEMPLATES;
        String subject = number <= CONTRACTS ? "contract" : template ? "template" : "note";
        return Json.object()
                .put("id", "doc-" + number)
                .put("title", subject.substring(0, 1).toUpperCase(Locale.ROOT) + subject.substring(1) + ' ' + number)
                .put("content", "The text of " + subject + ' ' + number)
                .put("is_template", template)
                .put("created_at", "2026-01-01T00:00:00Z");
    }

    @Override
    public String description() {
        return "documents of the service hub and the search in them";
    }

    @Override
    public void open(Desk desk) {
        read(desk, "/api/v1/documents", this::list);
        work(desk, "/api/v1/search", this::search);
    }

    @Override
    public ObjectNode records(boolean ids) {
        return Json.object().put("documents", documents.size());
    }

    private Answer list(Request request) {
        Map<String, String> query = request.query();
        return page(
                request,
                documents.stream()
                        .filter(document -> query.getOrDefault(
                                        "id", document.path("id").asText())
                                .equals(document.path("id").asText()))
                        .filter(document -> query.getOrDefault(
                                        "is_template",
                                        document.path("is_template").asText())
                                .equals(document.path("is_template").asText()))
                        .toList());
    }

    private Answer search(Request request) {
        JsonNode wish = request.json();
        String words = wish.path("query").asText().toLowerCase(Locale.ROOT);
        if (words.isBlank()) {
            return detail(422, "A search needs a query");
        }
        int limit = wish.path("limit").asInt(20);
        List<ObjectNode> found = documents.stream()
                .filter(document -> (document.path("title").asText()
                                + ' '
                                + document.path("content").asText())
                        .toLowerCase(Locale.ROOT)
                        .contains(words))
                .toList();
        ObjectNode answer = Json.object();
        ArrayNode shown = answer.putArray("documents");
        found.stream().limit(limit).forEach(shown::add);
        answer.put("total", found.size())
                .put("page", 1)
                .put("limit", limit)
                .put("query", wish.path("query").asText());
        return Answer.json(200, answer);
    }
}
