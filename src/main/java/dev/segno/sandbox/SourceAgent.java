package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;

/** Stands in for the agent that fetches one document of any source, and brings it into the common form. */
final class SourceAgent implements StandIn {

    private static final List<String> SOURCES = List.of("github", "jira", "confluence");

    private final Clock clock;
    private int fetched;

    SourceAgent(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return "source-agent";
    }

    @Override
    public String description() {
        return "fetches and normalizes single documents";
    }

    @Override
    public void open(Desk desk) {
        desk.on(
                HttpMethod.GET,
                "/sources",
                Operation.read(request -> {
                            ObjectNode answer = Json.object().put("count", SOURCES.size());
                            return Answer.json(200, answer.set("sources", Json.tree(SOURCES)));
                        })
                        .withoutKey());
        desk.on(HttpMethod.POST, "/docs/fetch", Operation.work(this::fetch));
        desk.on(HttpMethod.POST, "/normalize", Operation.work(this::normalize));
    }

    @Override
    public ObjectNode records(boolean ids) {
        return Json.object().put("fetched", fetched);
    }

    @Override
    public void reset() {
        fetched = 0;
    }

    private Answer fetch(Request request) {
        String source = request.json().path("source").asText();
        String identifier = request.json().path("identifier").asText();
        if (!SOURCES.contains(source) || (source.equals("github") && !identifier.matches("[^:]+:[^:]+"))) {
            return Answer.error(422, "Unknown source", "source is one of " + SOURCES + ", a repository is owner:repo");
        }
        fetched++;
        return Answer.json(
                200,
                Json.object()
                        .put("source", source)
                        .put("identifier", identifier)
                        .put("content", "Document " + identifier + " of " + source));
    }

    private Answer normalize(Request request) {
        JsonNode wish = request.json();
        String source = wish.path("source").asText();
        if (!SOURCES.contains(source)) {
            return Answer.error(422, "Unknown source", "source is one of " + SOURCES);
        }
        String content = new String(Json.write(wish.path("data")), StandardCharsets.UTF_8);
        String hash = Documents.sha256(content);
        ObjectNode envelope = Json.object()
                .put("id", source + ":" + hash.substring(0, 12))
                .put("version_tag", "v1")
                .put("version", 1)
                .put("correlation_id", wish.path("correlation_id").asText())
                .put("content_hash", hash)
                .put("timestamp", clock.instant().toString());
        envelope.putArray("source_refs").add(source);
        return Answer.json(200, envelope.set("document", wish.path("data")));
    }
}
