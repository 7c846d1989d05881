package dev.segno.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.camel.RouteRuntime;
import dev.segno.camel.RunDocument;
import dev.segno.camel.http.AbortedConnection;
import dev.segno.run.RunState;
import dev.segno.run.RunStore;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One follower of a run, as server-sent events: {@code step} for each record, with the record's sequence number as the
 * event's id; {@code run} when state or attributes change; {@code end} when the run has ended or stands.
 *
 * <p>Everything is read from the journal when the client can take more, so a slow client costs no memory; one that takes
 * nothing for too long is cut off, and one that comes back with {@code Last-Event-ID} misses nothing. All methods run on the request's context.
 */
final class RunEventStream {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RECORDS_AT_ONCE = 200;
    private static final long HEARTBEAT_MILLIS = 15_000;
    private static final long NONE = -1;

    private final RoutingContext ctx;
    private final RouteRuntime runtime;
    private final String runId;
    private final HttpServerResponse response;
    private final Duration patience;
    private long lastSequence;
    private @Nullable String lastRun;
    private boolean reading;
    private boolean again;
    private boolean ended;
    private long stall = NONE;
    private long heartbeat;
    private @Nullable AutoCloseable following;

    RunEventStream(RoutingContext ctx, RouteRuntime runtime, String runId, long after, Duration patience) {
        this.ctx = ctx;
        this.runtime = runtime;
        this.runId = runId;
        this.response = ctx.response();
        this.lastSequence = after;
        this.patience = patience;
    }

    void begin() {
        EventStreams.begin(response);
        ctx.addEndHandler(over -> stop());
        response.drainHandler(drained -> {
            goOn();
            read();
        });
        heartbeat = ctx.vertx().setPeriodic(HEARTBEAT_MILLIS, id -> beat());
        // Followed before the first look, so that nothing can happen in between.
        io.vertx.core.Context context = ctx.vertx().getOrCreateContext();
        following = runtime.engine().follow(runId, () -> context.runOnContext(changed -> read()));
        read();
    }

    private void beat() {
        if (!isFull()) {
            response.write(": still there\n\n");
        }
    }

    /** Whether the client has yet to take what was written; it does not have for ever. */
    private boolean isFull() {
        boolean full = response.writeQueueFull();
        if (full && stall == NONE && !ended) {
            stall = ctx.vertx().setTimer(patience.toMillis(), id -> AbortedConnection.of(ctx.request()));
        }
        return full;
    }

    private void goOn() {
        ctx.vertx().cancelTimer(stall);
        stall = NONE;
    }

    private void read() {
        if (ended) {
            return;
        }
        if (reading || isFull()) {
            again = true;
            return;
        }
        reading = true;
        again = false;
        ctx.vertx()
                .executeBlocking(this::look, false)
                .onSuccess(this::tell)
                .onFailure(error -> ctx.request().connection().close());
    }

    /** What was new at one moment. */
    private record News(List<RunStore.SequencedRecord> records, Map<String, @Nullable Object> run, boolean standing) {}

    private News look() {
        // The run first: what it had recorded by then is in the records that are read after it.
        var run = runtime.engine().store().find(runId).orElseThrow();
        List<RunStore.SequencedRecord> records =
                runtime.engine().store().journalAfter(runId, lastSequence, RECORDS_AT_ONCE);
        RunState state = run.state();
        boolean standing = state.isFinal() || state == RunState.PARKED || state == RunState.BLOCKED;
        Map<String, @Nullable Object> summary = new LinkedHashMap<>(RunDocument.summary(run, runtime.engine()));
        return new News(records, summary, standing && records.size() < RECORDS_AT_ONCE);
    }

    private void tell(News news) {
        reading = false;
        if (ended) {
            return;
        }
        List<String> events = new ArrayList<>();
        for (RunStore.SequencedRecord record : news.records()) {
            lastSequence = record.sequence();
            events.add(event("step", record.sequence(), RunDocument.step(record.record())));
        }
        String run = text(news.run());
        if (!Objects.equals(run, lastRun)) {
            lastRun = run;
            events.add(event("run", null, news.run()));
        }
        if (news.standing()) {
            events.add(event(
                    "end",
                    null,
                    Map.of("state", Objects.requireNonNull(news.run().get("state")))));
        }
        if (!events.isEmpty()) {
            response.write(String.join("", events));
        }
        if (news.standing()) {
            stop();
            response.end();
        } else if (again || news.records().size() == RECORDS_AT_ONCE) {
            read();
        } else {
            isFull();
        }
    }

    private void stop() {
        ended = true;
        ctx.vertx().cancelTimer(heartbeat);
        goOn();
        AutoCloseable open = following;
        following = null;
        if (open != null) {
            try {
                open.close();
            } catch (Exception e) {
                throw new IllegalStateException("Unfollowing closes nothing that can fail", e);
            }
        }
    }

    private static String event(String name, @Nullable Long id, Object data) {
        return (id == null ? "" : "id: " + id + '\n') + "event: " + name + "\ndata: " + text(data) + "\n\n";
    }

    private static String text(Object data) {
        try {
            return JSON.writeValueAsString(data);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Documents are made of JSON values", e);
        }
    }
}
