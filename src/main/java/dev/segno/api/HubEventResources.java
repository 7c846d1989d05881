package dev.segno.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.camel.http.AbortedConnection;
import dev.segno.event.Event;
import dev.segno.event.EventLog;
import dev.segno.event.EventQuery;
import dev.segno.hub.ServiceHub;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The service hub's events as server-sent events: from now on, or from behind {@code Last-Event-ID}. */
public final class HubEventResources implements ApiRoutes {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long HEARTBEAT_MILLIS = 15_000;
    /** Events behind the last one of a client that came back; what was before them is in the history. */
    private static final int MOST_MISSED = 1_000;

    private static final int MOST_WAITING_BYTES = 1024 * 1024;

    private final Supplier<EventLog> log;

    public HubEventResources(Supplier<EventLog> log) {
        this.log = log;
    }

    @Override
    public void mount(Router router) {
        router.get("/orchestrations/events").handler(this::follow);
    }

    private void follow(RoutingContext ctx) {
        HttpServerResponse response = ctx.response();
        response.setWriteQueueMaxSize(MOST_WAITING_BYTES);
        EventStreams.begin(response);
        Context context = ctx.vertx().getOrCreateContext();
        @Nullable String last = ctx.request().getHeader("Last-Event-ID");
        Feed feed = new Feed(ctx.request(), last == null ? "" : last);
        long heartbeat = ctx.vertx().setPeriodic(HEARTBEAT_MILLIS, id -> response.write(": still there\n\n"));
        Runnable end = log.get().listen(event -> context.runOnContext(now -> feed.heard(event)));
        ctx.addEndHandler(over -> {
            ctx.vertx().cancelTimer(heartbeat);
            end.run();
        });
        if (last == null) {
            feed.begin(List.of());
            return;
        }
        EventQuery query = new EventQuery(
                ServiceHub.EVENT_TYPES,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        ctx.vertx()
                .executeBlocking(() -> log.get().newest(query, MOST_MISSED), false)
                .onSuccess(feed::begin)
                .onFailure(failure -> ctx.request().connection().close());
    }

    /** One client. Ids of these events sort by time; what is told twice is left out. Used on one context. */
    private static final class Feed {
        private final HttpServerRequest request;
        private final HttpServerResponse response;
        private final List<Event> early = new java.util.ArrayList<>();
        private String last;
        private boolean begun;

        Feed(HttpServerRequest request, String last) {
            this.request = request;
            this.response = request.response();
            this.last = last;
        }

        void begin(List<Event> missed) {
            missed.forEach(this::tell);
            begun = true;
            early.forEach(this::tell);
            early.clear();
        }

        void heard(Event event) {
            if (begun) {
                tell(event);
            } else {
                early.add(event);
            }
        }

        private void tell(Event event) {
            if (response.writeQueueFull()) {
                // One that takes nothing costs no more memory than this; it can come back for what it missed.
                AbortedConnection.of(request);
            } else if (ServiceHub.EVENT_TYPES.contains(event.type())
                    && event.id().compareTo(last) > 0
                    && !response.closed()) {
                last = event.id();
                response.write(
                        "id: " + event.id() + "\nevent: " + event.type() + "\ndata: " + document(event) + "\n\n");
            }
        }
    }

    private static String document(Event event) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("type", event.type());
        document.put(
                "timestamp", event.publishedAt().truncatedTo(ChronoUnit.MILLIS).toString());
        if (event.correlationId() != null) {
            document.put("operationId", event.correlationId());
        }
        if (EventLog.payload(event) instanceof Map<?, ?> payload) {
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            payload.forEach((name, value) -> data.put(String.valueOf(name), value));
            for (String name : List.of("serviceName", "error")) {
                if (data.containsKey(name)) {
                    document.put(name, data.remove(name));
                }
            }
            document.put("data", data);
        }
        try {
            return JSON.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Documents are made of JSON values", e);
        }
    }
}
