package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Stands in for an agent that copies the documents of one source: {@code POST /ingest} stores three of them under the
 * correlation of the call, {@code POST /ingest/rollback} removes those again.
 */
final class IngestionAgent implements StandIn {

    private static final String RUNBOOK = "When orders stand still, restart the worker and look at the queue.";

    private final String source;
    private final List<Draft> drafts;
    private final Documents documents;
    private final Clock clock;
    private Duration delay = Duration.ZERO;

    private IngestionAgent(String source, List<Draft> drafts, Documents documents, Clock clock) {
        this.source = source;
        this.drafts = drafts;
        this.documents = documents;
        this.clock = clock;
    }

    /** What the source holds; an owner may be empty, and endpoints are those that a document of an API tells of. */
    private record Draft(String title, String content, String owner, int views, int ageDays, List<String> endpoints) {
        Draft(String title, String content, String owner, int views, int ageDays) {
            this(title, content, owner, views, ageDays, List.of());
        }

        static Draft api(String title, String... endpoints) {
            return new Draft(title, String.join("\n", endpoints), "api-team", 40, 10, List.of(endpoints));
        }
    }

    /** A README that names all endpoints but one, and a page that the wiki has too. */
    static IngestionAgent github(Documents documents, Clock clock) {
        return new IngestionAgent(
                "github",
                List.of(
                        new Draft("README.md", "Shop\nGET /orders\nPOST /orders\nGET /customers", "shop-team", 90, 5),
                        new Draft("docs/runbook.md", RUNBOOK, "shop-team", 12, 30),
                        new Draft("docs/setup.md", "Build it, then start it.", "", 2, 400)),
                documents,
                clock);
    }

    static IngestionAgent jira(Documents documents, Clock clock) {
        return new IngestionAgent(
                "jira",
                List.of(
                        new Draft("T-1", "Orders are paid twice", "ada", 20, 3),
                        new Draft("T-2", "Customers cannot be merged", "ada", 8, 12),
                        new Draft("T-3", "Show the queue's length", "grace", 1, 250)),
                documents,
                clock);
    }

    static IngestionAgent confluence(Documents documents, Clock clock) {
        return new IngestionAgent(
                "confluence",
                List.of(
                        new Draft("Architecture", "Shop, worker, queue.", "grace", 70, 60),
                        new Draft("Runbook", RUNBOOK, "", 33, 90),
                        new Draft("Onboarding", "Read the architecture first.", "grace", 15, 200)),
                documents,
                clock);
    }

    static IngestionAgent swagger(Documents documents, Clock clock) {
        return new IngestionAgent(
                "swagger",
                List.of(
                        Draft.api("orders", "GET /orders", "POST /orders"),
                        Draft.api("customers", "GET /customers"),
                        Draft.api("payments", "POST /payments")),
                documents,
                clock);
    }

    @Override
    public String name() {
        return source + "-agent";
    }

    @Override
    public String description() {
        return "ingestion: copies the documents of " + source;
    }

    @Override
    public void open(Desk desk) {
        desk.on(
                HttpMethod.POST,
                "/ingest",
                new Operation(Operation.Kind.WORK, true, request -> delay, Operation.Work.of(this::ingest)));
        desk.on(HttpMethod.POST, "/ingest/rollback", Operation.work(this::rollBack));
    }

    @Override
    public ObjectNode sizes() {
        return Json.object().put("delayMs", delay.toMillis());
    }

    @Override
    public boolean size(String name, JsonNode value) {
        if (!name.equals("delayMs")) {
            return false;
        }
        delay = Duration.ofMillis(Sizes.whole(name, value, 0, 3_600_000));
        return true;
    }

    @Override
    public ObjectNode records(boolean ids) {
        return Json.object()
                .put(
                        "documents",
                        documents.all().stream()
                                .filter(document -> document.source().equals(source))
                                .count());
    }

    @Override
    public void reset() {
        documents.removeOf(source);
        delay = Duration.ZERO;
    }

    private Answer ingest(Request request) {
        String asked = request.json().path("source").asText();
        if (!asked.equals(source)) {
            return Answer.error(422, "Unknown source", "This agent copies " + source + " and nothing else");
        }
        String correlation = correlationOf(request);
        ArrayNode artifacts = Json.object().arrayNode();
        for (Draft draft : drafts) {
            String id = String.join(":", source, correlation, draft.title());
            documents.put(new Documents.Document(id, correlation, source, draft.content(), metadata(draft)));
            artifacts.add(id);
        }
        ObjectNode answer = Json.object()
                .put("status", "completed")
                .put("source", source)
                .put("item_count", drafts.size())
                .put("correlation_id", correlation);
        return Answer.json(200, answer.set("artifacts", artifacts));
    }

    private ObjectNode metadata(Draft draft) {
        ObjectNode metadata = Json.object()
                .put("title", draft.title())
                .put("views", draft.views())
                .put(
                        "updated_at",
                        clock.instant().minus(Duration.ofDays(draft.ageDays())).toString());
        if (!draft.owner().isEmpty()) {
            metadata.put("owner", draft.owner());
        }
        return metadata.set("endpoints", Json.tree(draft.endpoints()));
    }

    private Answer rollBack(Request request) {
        return Answer.json(
                200,
                Json.object()
                        .put("status", "rolled_back")
                        .put("removed", documents.remove(source, correlationOf(request))));
    }

    private static String correlationOf(Request request) {
        String header = request.header("x-correlation-id");
        return request.json().path("correlation_id").asText(header == null ? "" : header);
    }
}
