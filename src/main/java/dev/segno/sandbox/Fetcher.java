package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;

/** Stands in for the service that downloads the product feed into a file: {@code POST /run}. */
final class Fetcher implements StandIn {

    private final ProductFeed feed;
    private final Clock clock;
    private Duration fetchDelay = Duration.ZERO;

    Fetcher(ProductFeed feed, Clock clock) {
        this.feed = feed;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "fetcher";
    }

    @Override
    public String description() {
        return "product sync: puts the feed into a file";
    }

    @Override
    public void open(Desk desk) {
        desk.on(
                HttpMethod.POST,
                "/run",
                Operation.exclusiveWork(request -> fetchDelay, Operation.Work.of(request -> fetch())));
    }

    @Override
    public ObjectNode sizes() {
        return feed.sizes().put("fetchDelayMs", fetchDelay.toMillis());
    }

    @Override
    public boolean size(String name, JsonNode value) {
        if (name.equals("fetchDelayMs")) {
            fetchDelay = Duration.ofMillis(Sizes.whole(name, value, 0, 3_600_000));
            return true;
        }
        return feed.size(name, value);
    }

    @Override
    public ObjectNode records(boolean ids) {
        return Json.object().put("fetches", feed.fetches()).put("lines", feed.linesInFile());
    }

    @Override
    public void reset() {
        feed.reset();
        fetchDelay = Duration.ZERO;
    }

    @Override
    public Answer busy() {
        return Answer.error(409, "Fetcher busy", "A fetch is already in progress");
    }

    @Override
    public Answer failure(int status) {
        return Answer.json(status, Json.object().put("success", false).put("error", "Feed not available"));
    }

    private Answer fetch() {
        feed.fetch();
        ObjectNode answer = Json.object()
                .put("success", true)
                .put("message", "Feed stored")
                .put("bytesUploaded", feed.fileBytes())
                .put("fileSizeMB", String.format(Locale.ROOT, "%.2f", feed.fileBytes() / (1024.0 * 1024.0)))
                .put("completedAt", clock.instant().toString());
        if (feed.fileVersion() != null) {
            answer.put("fileVersion", feed.fileVersion());
        }
        return Answer.json(200, answer);
    }
}
