package dev.segno.api;

import dev.segno.camel.http.AbortedConnection;
import dev.segno.shopping.SessionEvent;
import dev.segno.shopping.ShoppingAssistant;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * One follower of a session, as server-sent events. They are read from the store when the client can take more, so a slow
 * one costs no memory, and one that comes back with {@code Last-Event-ID} misses nothing. All methods run on the request's
 * context.
 */
final class SessionEventStream {

    private static final int EVENTS_AT_ONCE = 200;
    private static final long HEARTBEAT_MILLIS = 15_000;

    private final RoutingContext ctx;
    private final ShoppingAssistant assistant;
    private final String sessionId;
    private final HttpServerResponse response;
    private long last;
    private boolean reading;
    private boolean again;
    private boolean ended;
    private boolean stalled;
    private long heartbeat;
    private Runnable unfollow = () -> {};

    SessionEventStream(RoutingContext ctx, ShoppingAssistant assistant, String sessionId, long after) {
        this.ctx = ctx;
        this.assistant = assistant;
        this.sessionId = sessionId;
        this.response = ctx.response();
        this.last = after;
    }

    void begin() {
        EventStreams.begin(response);
        ctx.addEndHandler(over -> stop());
        response.drainHandler(drained -> read());
        heartbeat = ctx.vertx().setPeriodic(HEARTBEAT_MILLIS, id -> beat());
        // Followed before the first look, so that nothing can happen in between.
        Context context = ctx.vertx().getOrCreateContext();
        unfollow = assistant.feed().follow(sessionId, (session, events) -> context.runOnContext(changed -> read()));
        read();
    }

    /** A client that has taken nothing between two beats is given up. */
    private void beat() {
        if (!response.writeQueueFull()) {
            stalled = false;
            response.write(": still there\n\n");
        } else if (stalled) {
            AbortedConnection.of(ctx.request());
        } else {
            stalled = true;
        }
    }

    private void read() {
        if (ended) {
            return;
        }
        if (reading || response.writeQueueFull()) {
            again = true;
            return;
        }
        reading = true;
        again = false;
        long after = last;
        ctx.vertx()
                .executeBlocking(() -> assistant.store().events(sessionId, after, EVENTS_AT_ONCE), false)
                .onSuccess(this::tell)
                .onFailure(error -> ctx.request().connection().close());
    }

    private void tell(List<SessionEvent> events) {
        reading = false;
        if (ended) {
            return;
        }
        StringBuilder text = new StringBuilder();
        for (SessionEvent event : events) {
            last = event.sequence();
            text.append("id: ").append(last).append("\nevent: ").append(event.type());
            text.append("\ndata: ").append(event.data()).append("\n\n");
        }
        if (text.length() > 0) {
            response.write(text.toString());
        }
        if (again || events.size() == EVENTS_AT_ONCE) {
            read();
        }
    }

    private void stop() {
        ended = true;
        ctx.vertx().cancelTimer(heartbeat);
        unfollow.run();
    }
}
