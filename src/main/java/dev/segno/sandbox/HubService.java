package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.time.Clock;
import java.util.Collection;
import java.util.Set;
import java.util.function.Function;

/**
 * What the four services of the service hub have in common: errors under {@code detail}, a health that can be set, and
 * tokens, which they look at if one is shown; it is the gateway that asks for one.
 */
abstract class HubService implements StandIn {

    private static final Set<String> HEALTHS = Set.of("healthy", "degraded", "unhealthy");

    protected final Clock clock;
    protected final AccessTokens tokens;
    private final String name;
    private String health = "healthy";

    HubService(String name, Clock clock) {
        this.name = name;
        this.clock = clock;
        this.tokens = new AccessTokens(clock);
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final ObjectNode health() {
        return Json.object().put("status", health).put("service", name).put("version", "1.0.0");
    }

    @Override
    public ObjectNode sizes() {
        return Json.object().put("health", health);
    }

    @Override
    public boolean size(String size, JsonNode value) {
        if (!size.equals("health")) {
            return false;
        }
        if (!HEALTHS.contains(value.asText())) {
            throw new IllegalArgumentException(
                    "health is one of " + HEALTHS.stream().sorted().toList());
        }
        health = value.asText();
        return true;
    }

    @Override
    public void reset() {
        health = "healthy";
    }

    @Override
    public Answer failure(int status) {
        return detail(status, status == 503 ? "Service Unavailable" : "The sandbox was asked to answer " + status);
    }

    /** Puts something that changes nothing on the desk. */
    final void read(Desk desk, String path, Function<Request, Answer> answer) {
        desk.on(HttpMethod.GET, path, Operation.read(guarded(answer)).withoutKey());
    }

    /** Puts work on the desk. */
    final void work(Desk desk, String path, Function<Request, Answer> answer) {
        desk.on(HttpMethod.POST, path, Operation.work(guarded(answer)));
    }

    private Function<Request, Answer> guarded(Function<Request, Answer> answer) {
        return request -> request.header("authorization") != null
                        && tokens.userOf(request).isEmpty()
                ? detail(401, "Token has expired")
                : answer.apply(request);
    }

    static Answer detail(int status, String detail) {
        return Answer.json(status, Json.object().put("detail", detail));
    }

    /** Some of the items, as the query's {@code offset} and {@code limit} have it. */
    static Answer page(Request request, Collection<? extends JsonNode> items) {
        ArrayNode page = Json.object().arrayNode();
        items.stream()
                .skip(number(request, "offset", 0))
                .limit(number(request, "limit", 100))
                .forEach(page::add);
        return Answer.json(200, page);
    }

    private static int number(Request request, String name, int usual) {
        String text = request.query().getOrDefault(name, String.valueOf(usual));
        if (!text.matches("\\d{1,6}")) {
            throw new IllegalArgumentException(name + " is a whole number");
        }
        return Integer.parseInt(text);
    }
}
