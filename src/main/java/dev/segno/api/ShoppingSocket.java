package dev.segno.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import dev.segno.shopping.SessionEvent;
import dev.segno.shopping.ShoppingAssistant;
import dev.segno.shopping.ShoppingOperation;
import dev.segno.shopping.ShoppingReply;
import dev.segno.shopping.ShoppingRequest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One open socket: what its client says goes into the session as over HTTP, and what happens in the session is sent. What
 * happened before it was open is in the session. All methods but {@link #goAway} run on the socket's context.
 */
final class ShoppingSocket {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Of RFC 6455: the server goes down. */
    private static final short GOING_AWAY = 1001;

    private final Vertx vertx;
    private final Context context;
    private final ServerWebSocket socket;
    private final ShoppingAssistant assistant;
    private final Client client;
    private String sessionId;
    private Runnable unfollow = () -> {};
    private long heartbeat;
    private boolean closed;

    /**
     * Who is at the other end.
     *
     * @param caller    by its credential; null where callers are not known
     * @param sessionId the session that it begins with
     */
    record Client(String userId, @Nullable String caller, String sessionId) {}

    ShoppingSocket(Vertx vertx, ServerWebSocket socket, ShoppingAssistant assistant, Client client) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.socket = socket;
        this.assistant = assistant;
        this.client = client;
        this.sessionId = client.sessionId();
    }

    void begin() {
        join(sessionId);
        socket.textMessageHandler(this::heard);
        socket.exceptionHandler(failure -> socket.close());
        heartbeat = vertx.setPeriodic(assistant.settings().heartbeat().toMillis(), id -> beat());
        send(
                "connected",
                object().put("session_id", sessionId)
                        .put("message", "Connected")
                        .put("server_time", Instant.now().toString()),
                Instant.now());
    }

    void closed() {
        closed = true;
        vertx.cancelTimer(heartbeat);
        leave();
    }

    void goAway() {
        context.runOnContext(now -> socket.close(GOING_AWAY, "The server is going down"));
    }

    private void join(String id) {
        sessionId = id;
        assistant.connections().join(id);
        unfollow = assistant.feed().follow(id, (session, events) -> {
            if (session.isFor(client.caller())) {
                context.runOnContext(changed -> events.forEach(this::tell));
            }
        });
    }

    private void leave() {
        unfollow.run();
        unfollow = () -> {};
        assistant.connections().leave(sessionId);
    }

    private void tell(SessionEvent event) {
        send(event.type(), event.data(), event.at());
    }

    /** Clients that do not answer stay; those that take nothing any more do not. */
    private void beat() {
        if (socket.isClosed()) {
            return;
        }
        if (socket.writeQueueFull()) {
            socket.close();
            return;
        }
        socket.writePing(Buffer.buffer("segno"));
        send("ping", object(), Instant.now());
    }

    private void heard(String text) {
        JsonNode said;
        try {
            said = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            refuse(ApiError.invalid("This is not valid JSON"));
            return;
        }
        String named = said.path("session_id").asText("");
        if (!named.isEmpty() && !named.equals(sessionId)) {
            if (!ShoppingAssistant.isSessionId(named)) {
                refuse(ApiError.invalid("session_id must be 1 to 64 letters, digits, _ or -"));
                return;
            }
            leave();
            join(named);
        }
        switch (said.path("type").asText("")) {
            case "message" -> ask("say", said);
            case "answer" -> ask("answer", said);
            case "disconnect" -> socket.close();
            case "ping", "pong" -> {
                // Whether it is there is seen by the protocol's own pings.
            }
            default -> refuse(ApiError.invalid("The type of a message is message, answer, pong or disconnect"));
        }
    }

    private void ask(String name, JsonNode said) {
        ObjectNode body = object().put("user_id", client.userId()).put("session_id", sessionId);
        body.set(name.equals("say") ? "message" : "answer", said.path("message"));
        body.set("media", said.path("media"));
        ShoppingOperation operation = assistant.find(name).orElseThrow();
        ShoppingRequest request = new ShoppingRequest(
                body,
                parameter -> Optional.ofNullable(Map.of("type", "socket", "Prefer", "wait=0", "session_id", sessionId)
                        .get(parameter)),
                Optional.ofNullable(client.caller()),
                Optional.empty(),
                Optional.empty());
        vertx.executeBlocking(() -> operation.perform(request), true)
                .compose(Future::fromCompletionStage)
                .onSuccess(this::replied)
                .onFailure(error -> refuse(ApiException.errorOf(error).orElseGet(() -> ApiError.ofStatus(500))));
    }

    /** What comes of it comes as events; only what never became a turn is told here. */
    private void replied(ShoppingReply reply) {
        if (reply.status() == 429) {
            refuse(new ApiError(
                    429,
                    "too-many-requests",
                    reply.body().path("error").asText(),
                    reply.body().path("details")));
        }
    }

    /** Whether the same may be said again, with a change or a little later. */
    private static boolean isRecoverable(ApiError error) {
        return error.status() < 500 || error.status() == 503;
    }

    private void refuse(ApiError error) {
        ObjectNode data = object().put("error", error.message());
        data.set("details", error.details() == null ? object() : error.details());
        data.put("recoverable", isRecoverable(error));
        data.set("error_detail", object().put("message", error.message()));
        send("error", data, Instant.now());
    }

    private void send(String type, JsonNode data, Instant at) {
        if (closed || socket.isClosed()) {
            return;
        }
        ObjectNode event = object().put("type", type);
        event.set("data", data);
        event.put("timestamp", at.toString()).put("session_id", sessionId);
        socket.writeTextMessage(event.toString());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
