package dev.segno.api;

import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import dev.segno.security.Caller;
import dev.segno.security.SocketProtocols;
import dev.segno.shopping.Session;
import dev.segno.shopping.ShoppingAssistant;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What of the shopping assistant no route can serve: the socket of its clients, and the events of a session. */
public final class ShoppingResources implements ApiRoutes, AutoCloseable {

    /** The path of the socket; a document that describes it asks for these resources. */
    public static final String SOCKET_PATH = "/ws/chat";

    /** Of RFC 6455: what is asked is against the rules of the server. */
    private static final short AGAINST_POLICY = 1008;

    private static final String TOO_MANY = "Too many connections";

    private final ShoppingAssistant assistant;
    private final Set<ShoppingSocket> open = ConcurrentHashMap.newKeySet();

    public ShoppingResources(ShoppingAssistant assistant) {
        this.assistant = assistant;
    }

    @Override
    public void mount(Router router) {
        router.get(SOCKET_PATH).handler(this::socket);
        router.get("/api/v1/sessions/:session_id/events").handler(this::events);
    }

    /** The caller's name where callers show who they are. */
    private static @Nullable String callerOf(RoutingContext ctx) {
        Caller caller = Caller.of(ctx);
        return caller == null || caller.place() == Caller.Place.NONE ? null : caller.name();
    }

    private void socket(RoutingContext ctx) {
        if (!"websocket".equalsIgnoreCase(ctx.request().getHeader(HttpHeaders.UPGRADE))) {
            throw new ApiException(
                    new ApiError(426, "upgrade-required", "This path takes WebSockets: send Upgrade: websocket"));
        }
        if (SocketProtocols.offerKey(ctx.request()) && !SocketProtocols.offerName(ctx.request())) {
            throw new ApiException(
                    ApiError.invalid(
                            "Offer the subprotocol " + SocketProtocols.NAME
                                    + " beside the one that is your key: a browser wants one to be agreed to, and a key is not sent back"));
        }
        String given = Parameters.parameter(ctx, "session_id").orElse(null);
        String user = Parameters.parameter(ctx, "user_id")
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .orElse("anonymous");
        String caller = callerOf(ctx);
        // Nothing may come in while it is looked up to whom the session belongs.
        ctx.request().pause();
        Future<Boolean> allowed = given == null
                ? Future.succeededFuture(true)
                : ctx.vertx().executeBlocking(() -> isFree(given, caller), false);
        allowed.onFailure(error -> {
                    ctx.request().resume();
                    Answers.fail(ctx, error);
                })
                .onSuccess(free -> {
                    ctx.request().resume();
                    if (!free) {
                        Answers.fail(ctx, new ApiException(new ApiError(404, "not-found", "Session not found")));
                        return;
                    }
                    ctx.request()
                            .toWebSocket()
                            .onSuccess(socket -> admit(
                                    ctx,
                                    socket,
                                    new ShoppingSocket.Client(
                                            user, caller, given == null ? ShoppingAssistant.newSessionId() : given)));
                });
    }

    /** Whether a session is the caller's, or nobody's yet. */
    private boolean isFree(String sessionId, @Nullable String caller) {
        return assistant
                .store()
                .find(sessionId)
                .map(session -> session.isFor(caller))
                .orElse(true);
    }

    private void admit(RoutingContext ctx, ServerWebSocket socket, ShoppingSocket.Client client) {
        FrontDoor.upgraded(ctx);
        if (!assistant.connections().open(assistant.settings().sockets())) {
            socket.close(AGAINST_POLICY, TOO_MANY);
            return;
        }
        ShoppingSocket opened = new ShoppingSocket(ctx.vertx(), socket, assistant, client);
        open.add(opened);
        socket.closeHandler(closed -> {
            open.remove(opened);
            opened.closed();
            assistant.connections().close();
        });
        opened.begin();
    }

    private void events(RoutingContext ctx) {
        String id = ctx.pathParam("session_id");
        String caller = callerOf(ctx);
        String last = ctx.request().getHeader("Last-Event-ID");
        long after = last == null ? 0 : Long.parseLong(last);
        ctx.vertx()
                .executeBlocking(() -> assistant.session(id, caller), false)
                .onSuccess((Session session) -> new SessionEventStream(ctx, assistant, session.id(), after).begin())
                .onFailure(error -> Answers.fail(ctx, error));
    }

    /** How many sockets are open. */
    public long open() {
        return open.size();
    }

    /** How many turns go on. */
    public long turnsUnderWay() {
        return assistant.turnsUnderWay();
    }

    /** Tells all sockets that the server goes down; clients connect again and find their sessions. */
    @Override
    public void close() {
        open.forEach(ShoppingSocket::goAway);
    }
}
