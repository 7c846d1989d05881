package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for the service that writes one window of the file's lines into the product table: {@code POST /run} with
 * {@code offset} and {@code limit}, one at a time.
 */
final class Maintainer implements StandIn {

    private static final int DEFAULT_LIMIT = 10_000;

    private final ProductFeed feed;
    private final ProductRows rows;
    private final Clock clock;
    private final Instant startedAt;
    private Duration chunkDelay = Duration.ZERO;

    Maintainer(ProductFeed feed, ProductRows rows, Clock clock) {
        this.feed = feed;
        this.rows = rows;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    /** A part of the file: {@code limit} lines after the first {@code offset}. */
    private record Window(int offset, int limit) {

        /**
         * Reads the window of a call, with the oddities of the real service: no limit or 0 is 10,000, and a negative offset
         * is taken as it is.
         */
        static Window of(Request request) {
            if (request.bytes().length > 0 && !request.json().isObject()) {
                throw new IllegalArgumentException("The body is not a JSON object");
            }
            int limit = number(request.json(), "limit");
            return new Window(number(request.json(), "offset"), limit == 0 ? DEFAULT_LIMIT : limit);
        }

        private static int number(JsonNode body, String name) {
            JsonNode number = body.path(name);
            if (!number.isMissingNode() && !number.isInt()) {
                throw new IllegalArgumentException(name + " is not a whole number");
            }
            return number.asInt(0);
        }
    }

    @Override
    public String name() {
        return "maintainer";
    }

    @Override
    public String description() {
        return "product sync: writes a chunk of the file into the product table";
    }

    @Override
    public void open(Desk desk) {
        desk.on(
                HttpMethod.POST,
                "/run",
                Operation.exclusiveWork(
                        this::time, (request, errors) -> Future.succeededFuture(writeChunk(request, errors))));
        desk.on(HttpMethod.GET, "/status", Operation.read(request -> status(desk.busy())));
        desk.on(HttpMethod.POST, "/reset", Operation.read(request -> clearBusy(desk)));
    }

    @Override
    public ObjectNode sizes() {
        return feed.sizes().put("chunkDelayMs", chunkDelay.toMillis());
    }

    @Override
    public boolean size(String name, JsonNode value) {
        if (name.equals("chunkDelayMs")) {
            chunkDelay = Duration.ofMillis(Sizes.whole(name, value, 0, 3_600_000));
            return true;
        }
        return feed.size(name, value);
    }

    @Override
    public ObjectNode records(boolean ids) {
        return rows.json(ids);
    }

    @Override
    public void reset() {
        feed.reset();
        rows.reset();
        chunkDelay = Duration.ZERO;
    }

    @Override
    public Answer busy() {
        return Answer.error(409, "Maintainer busy", "A chunk is already being processed");
    }

    @Override
    public Answer failure(int status) {
        return Answer.json(status, Json.object().put("success", false).put("error", "Chunk not processed"));
    }

    private Duration time(Request request) {
        Window.of(request); // a call that cannot be read is refused at once
        return chunkDelay;
    }

    private Answer writeChunk(Request request, int recordErrors) {
        Window window = Window.of(request);
        int first = Math.max(0, window.offset());
        int end = (int) Math.min(feed.linesInFile(), (long) first + Math.max(0, window.limit()));
        Map<ProductRows.Outcome, Integer> outcomes = new EnumMap<>(ProductRows.Outcome.class);
        int errors = 0;
        for (int product = first; product < end; product++) {
            if (errors < recordErrors) {
                rows.lose(product);
                errors++;
            } else {
                outcomes.merge(rows.put(product, feed.updatedAt(product)), 1, Integer::sum);
            }
        }
        int total = Math.max(0, end - first);
        return Answer.json(200, chunkAnswer(window, total, outcomes, errors, feed.fileVersion()));
    }

    private ObjectNode chunkAnswer(
            Window window,
            int total,
            Map<ProductRows.Outcome, Integer> outcomes,
            int errors,
            @Nullable String fileVersion) {
        ObjectNode answer = Json.object().put("success", true).put("message", "Processed " + total + " records");
        answer.putObject("stats")
                .put("totalRecords", total)
                .put("inserted", outcomes.getOrDefault(ProductRows.Outcome.INSERTED, 0))
                .put("updated", outcomes.getOrDefault(ProductRows.Outcome.UPDATED, 0))
                .put("skipped", outcomes.getOrDefault(ProductRows.Outcome.SKIPPED, 0))
                .put("errors", errors)
                .put("duration", chunkDelay.toMillis());
        // A full window says that there is more, also when it was the last: callers get one empty chunk.
        answer.put("nextOffset", window.offset() + total).put("hasMore", total == window.limit());
        if (fileVersion != null) {
            answer.put("fileVersion", fileVersion);
        }
        return answer;
    }

    private Answer status(boolean busy) {
        return Answer.json(
                200,
                Json.object()
                        .put("isProcessing", busy)
                        .put("service", name())
                        .put(
                                "uptime",
                                Duration.between(startedAt, clock.instant()).toMillis() / 1000.0));
    }

    private static Answer clearBusy(Desk desk) {
        desk.clearBusy();
        return Answer.json(200, Json.object().put("success", true).put("message", "Processing flag cleared"));
    }
}
