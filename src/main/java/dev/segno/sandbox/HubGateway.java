package dev.segno.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Stands in for the gateway before the service hub's services: one address for all, and a token for all but logins. */
final class HubGateway implements StandIn {

    private static final String FREE = "/api/v1/auth/";
    /** Which service has the paths that begin so. */
    private static final Map<String, String> SERVICES = Map.of(
            "auth", "identity",
            "users", "identity",
            "documents", "content",
            "search", "content",
            "notifications", "communication",
            "conversations", "communication",
            "workflows", "workflow",
            "executions", "workflow");
    /** Of one connection, or made anew for the next one. */
    private static final Set<String> OWN_HEADERS = Set.of("host", "connection", "content-length", "transfer-encoding");

    private final Map<String, Integer> ports;
    private final AccessTokens tokens;
    private @Nullable HttpClient client;
    private int refused;

    /**
     * @param ports of the services, by their names; may be filled later
     */
    HubGateway(Map<String, Integer> ports, Clock clock) {
        this.ports = ports;
        this.tokens = new AccessTokens(clock);
    }

    @Override
    public String name() {
        return "hub-gateway";
    }

    @Override
    public String description() {
        return "one address for all services of the service hub; asks for a token";
    }

    @Override
    public void open(Desk desk) {
        client = desk.client();
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.POST)) {
            desk.on(
                    method,
                    "/api/v1/*",
                    new Operation(Operation.Kind.READ, true, call -> Duration.ZERO, (call, lost) -> pass(call)));
        }
    }

    @Override
    public ObjectNode records(boolean ids) {
        return Json.object().put("refused", refused);
    }

    @Override
    public void reset() {
        refused = 0;
    }

    private Future<Answer> pass(Request request) {
        @Nullable String service = SERVICES.get(request.path().split("/")[3]);
        @Nullable Integer port = service == null ? null : ports.get(service);
        HttpClient open = client;
        if (port == null || open == null) {
            return Future.succeededFuture(Answer.json(404, Json.object().put("message", "no Route matched")));
        }
        if (!request.path().startsWith(FREE) && tokens.userOf(request).isEmpty()) {
            refused++;
            return Future.succeededFuture(Answer.json(401, Json.object().put("message", "Unauthorized")));
        }
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(request.method()))
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI(request.path() + query(request));
        request.headers().forEach((name, value) -> {
            if (!OWN_HEADERS.contains(name)) {
                options.putHeader(name, value);
            }
        });
        return open.request(options)
                .compose(call -> call.send(Buffer.buffer(request.bytes())))
                .compose(response -> response.body()
                        .map(body -> new Answer(response.statusCode(), "application/json", body.getBytes(), Map.of())))
                .otherwise(gone -> Answer.json(502, Json.object().put("message", "The service did not answer")));
    }

    /** Values that the services take need no encoding, but for those that a name may hold. */
    private static String query(Request request) {
        return request.query().isEmpty()
                ? ""
                : request.query().entrySet().stream()
                        .map(parameter -> parameter.getKey()
                                + '='
                                + java.net.URLEncoder.encode(
                                        parameter.getValue(), java.nio.charset.StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&", "?", ""));
    }
}
