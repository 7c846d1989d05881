package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.segno.sandbox.Documents.Document;
import io.vertx.core.http.HttpMethod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Stands in for the document store: {@code POST /documents}, and what it says about their quality. */
final class DocStore implements StandIn {

    private static final int STALE_DAYS = 180;
    private static final int MIN_VIEWS = 3;

    private final Documents documents;
    private final Clock clock;

    DocStore(Documents documents, Clock clock) {
        this.documents = documents;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "doc-store";
    }

    @Override
    public String description() {
        return "documents and their quality";
    }

    @Override
    public void open(Desk desk) {
        desk.on(HttpMethod.POST, "/documents", Operation.work(this::save));
        // Before the path with the id, which would hide them.
        desk.on(
                HttpMethod.GET,
                "/documents/quality",
                Operation.read(this::quality).withoutKey());
        desk.on(
                HttpMethod.GET,
                "/documents/_list",
                Operation.read(request -> list()).withoutKey());
        desk.on(HttpMethod.GET, "/documents/:id", Operation.read(this::show).withoutKey());
    }

    @Override
    public ObjectNode records(boolean ids) {
        return Json.object().put("documents", documents.all().size());
    }

    @Override
    public void reset() {
        documents.removeOf("");
    }

    private Answer save(Request request) {
        JsonNode content = request.json().path("content");
        if (!content.isTextual() || content.asText().isEmpty()) {
            return Answer.error(422, "No content", "A document needs content");
        }
        String hash = Documents.sha256(content.asText());
        JsonNode metadata = request.json().path("metadata");
        Document document = new Document(
                request.json().path("id").asText(hash),
                request.json().path("correlation_id").asText(),
                "",
                content.asText(),
                metadata.isObject() ? metadata : Json.object());
        documents.put(document);
        return Answer.json(200, Json.object().put("id", document.id()).put("content_hash", hash));
    }

    private Answer show(Request request) {
        String id = request.parameter("id");
        return documents.has(id)
                ? Answer.json(200, documents.find(id).json())
                : Answer.error(404, "Not found", "There is no document " + id);
    }

    private Answer list() {
        ObjectNode answer = Json.object().put("total", documents.all().size());
        ArrayNode items = answer.putArray("items");
        documents.all().forEach(document -> items.add(document.json()));
        return Answer.json(200, answer);
    }

    private Answer quality(Request request) {
        int staleDays = number(request, "stale_threshold_days", STALE_DAYS);
        int minViews = number(request, "min_views", MIN_VIEWS);
        ObjectNode answer = Json.object().put("total", documents.all().size());
        ArrayNode items = answer.putArray("items");
        for (Document document : documents.all()) {
            ArrayNode flags = items.addObject()
                    .put("id", document.id())
                    .put("owner", document.metadata().path("owner").asText())
                    .putArray("flags");
            flag(flags, "stale", isOlder(document, staleDays));
            flag(flags, "redundant", hasTwin(document));
            flag(flags, "low_views", document.metadata().path("views").asInt(0) < minViews);
            flag(
                    flags,
                    "missing_owner",
                    document.metadata().path("owner").asText().isEmpty());
        }
        return Answer.json(200, answer);
    }

    private static void flag(ArrayNode flags, String name, boolean holds) {
        if (holds) {
            flags.add(name);
        }
    }

    private boolean isOlder(Document document, int days) {
        try {
            Instant updated =
                    Instant.parse(document.metadata().path("updated_at").asText());
            return updated.isBefore(clock.instant().minus(Duration.ofDays(days)));
        } catch (DateTimeParseException e) {
            return false; // nobody says how old it is
        }
    }

    private boolean hasTwin(Document document) {
        return documents.all().stream()
                .anyMatch(other ->
                        !other.id().equals(document.id()) && other.content().equals(document.content()));
    }

    private static int number(Request request, String name, int usual) {
        String text = request.query().getOrDefault(name, String.valueOf(usual));
        if (!text.matches("\\d{1,6}")) {
            throw new IllegalArgumentException(name + " is a whole number");
        }
        return Integer.parseInt(text);
    }
}
