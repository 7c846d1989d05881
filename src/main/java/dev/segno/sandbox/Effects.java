package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * A service for tests of routes and crashes: every {@code POST /effects/NAME} is an effect that is counted and answered with
 * its number and its body; the log of calls tells with which idempotency keys it was asked for. {@code GET} asks for the
 * number and has no effect.
 */
final class Effects implements StandIn {

    private static final String PATH = "/effects/:name";

    private final Map<String, Integer> counts = new TreeMap<>();
    private Duration delay = Duration.ZERO;

    @Override
    public String name() {
        return "effects";
    }

    @Override
    public String description() {
        return "tests: counts what is posted to /effects/NAME";
    }

    @Override
    public void open(Desk desk) {
        Operation effect = new Operation(Operation.Kind.WORK, true, request -> delay, Operation.Work.of(this::effect));
        for (HttpMethod method :
                new HttpMethod[] {HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE}) {
            desk.on(method, PATH, effect);
        }
        desk.on(
                HttpMethod.GET,
                PATH,
                new Operation(Operation.Kind.READ, true, request -> delay, Operation.Work.of(this::answer)));
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
        ObjectNode records = Json.object();
        return records.set("effects", Json.tree(counts));
    }

    @Override
    public void reset() {
        counts.clear();
        delay = Duration.ZERO;
    }

    private Answer effect(Request request) {
        counts.merge(request.parameter("name"), 1, Integer::sum);
        return answer(request);
    }

    private Answer answer(Request request) {
        String name = request.parameter("name");
        ObjectNode answer = Json.object().put("ok", true).put("name", name).put("n", counts.getOrDefault(name, 0));
        return Answer.json(200, answer.set("echo", echo(request)));
    }

    private static JsonNode echo(Request request) {
        if (request.bytes().length == 0) {
            return NullNode.getInstance();
        }
        return request.json().isMissingNode()
                ? TextNode.valueOf(new String(request.bytes(), StandardCharsets.UTF_8))
                : request.json();
    }
}
