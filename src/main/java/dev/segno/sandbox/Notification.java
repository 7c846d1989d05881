package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for the service that tells people: finds owners, and delivers notices. One for the channel {@code webhook} is
 * posted to its target; others are only noted. The same notice within ten minutes is delivered once.
 */
final class Notification implements StandIn {

    private static final Duration SAME_NOTICE = Duration.ofMinutes(10);

    private final Clock clock;
    private final Map<String, Instant> delivered = new HashMap<>();
    private final List<JsonNode> notices = new ArrayList<>();
    private final List<JsonNode> undelivered = new ArrayList<>();
    private @Nullable HttpClient client;

    Notification(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return "notification";
    }

    @Override
    public String description() {
        return "finds owners and delivers notices";
    }

    @Override
    public void open(Desk desk) {
        client = desk.client();
        desk.on(HttpMethod.POST, "/owners/resolve", Operation.work(this::resolve));
        desk.on(
                HttpMethod.POST,
                "/notify",
                new Operation(
                        Operation.Kind.WORK, true, request -> Duration.ZERO, (request, errors) -> deliver(request)));
        desk.on(
                HttpMethod.GET,
                "/dlq",
                Operation.read(request -> {
                            ObjectNode answer = Json.object().put("count", undelivered.size());
                            return Answer.json(200, answer.set("items", list(undelivered)));
                        })
                        .withoutKey());
    }

    @Override
    public ObjectNode records(boolean ids) {
        ObjectNode records = Json.object().put("delivered", notices.size()).put("undelivered", undelivered.size());
        return records.set("notices", list(notices));
    }

    @Override
    public void reset() {
        delivered.clear();
        notices.clear();
        undelivered.clear();
    }

    /** Each owner has a mailbox of the same name. */
    private Answer resolve(Request request) {
        ObjectNode answer = Json.object();
        ArrayNode owners = answer.putArray("owners");
        request.json()
                .path("owners")
                .forEach(owner -> owners.addObject()
                        .put("owner", owner.asText())
                        .put("channel", "email")
                        .put("target", owner.asText() + "@example.org"));
        return Answer.json(200, answer);
    }

    private Future<Answer> deliver(Request request) {
        JsonNode notice = request.json();
        String target = notice.path("target").asText();
        if (target.isEmpty()) {
            return Future.succeededFuture(Answer.error(422, "No target", "target is required"));
        }
        String same = target
                + '\n'
                + notice.path("title").asText()
                + '\n'
                + notice.path("message").asText();
        Instant last = delivered.get(same);
        if (last != null && clock.instant().isBefore(last.plus(SAME_NOTICE))) {
            return Future.succeededFuture(status("duplicate_suppressed"));
        }
        boolean posts = notice.path("channel").asText().equals("webhook");
        Future<Integer> posted = posts ? post(target, notice) : Future.succeededFuture(200);
        return posted.otherwise(0).map(answered -> {
            if (answered < 200 || answered > 299) {
                undelivered.add(notice);
                return Answer.error(502, "Not delivered", "The webhook did not take the notice");
            }
            delivered.put(same, clock.instant());
            notices.add(notice);
            return status("sent");
        });
    }

    private Future<Integer> post(String url, JsonNode notice) {
        HttpClient open = client;
        if (open == null || !url.matches("https?://.+")) {
            return Future.succeededFuture(0);
        }
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(url)
                .setTimeout(5_000)
                .putHeader("Content-Type", "application/json");
        return open.request(options)
                .compose(call -> call.send(Buffer.buffer(Json.write(notice))))
                .compose(response -> response.body().map(response.statusCode()));
    }

    private static Answer status(String status) {
        return Answer.json(200, Json.object().put("status", status));
    }

    private static ArrayNode list(List<JsonNode> items) {
        ArrayNode json = Json.object().arrayNode();
        items.forEach(json::add);
        return json;
    }
}
