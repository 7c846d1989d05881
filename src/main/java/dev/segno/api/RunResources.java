package dev.segno.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.segno.camel.RouteRuntime;
import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import dev.segno.run.Engine;
import dev.segno.run.Payload;
import dev.segno.run.Run;
import dev.segno.run.RunQuery;
import dev.segno.run.RunResult;
import dev.segno.run.RunState;
import dev.segno.run.StartOutcome;
import dev.segno.run.StartRequest;
import dev.segno.run.UnknownRun;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import dev.segno.security.UntrustedJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Runs over HTTP: start, list, look at, follow, cancel, signal. */
public final class RunResources implements ApiRoutes {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration MOST_WAIT = Duration.ofMinutes(5);
    private static final int MOST_HEADER_CHARACTERS = 255;

    private final RouteRuntime runtime;
    private final Engine engine;
    private final Duration patience;

    /** @param patience how long a follower of a run may take nothing of what is sent to it */
    public RunResources(RouteRuntime runtime, Duration patience) {
        this.runtime = runtime;
        this.patience = patience;
        this.engine = runtime.engine();
    }

    @Override
    public void mount(Router router) {
        router.post("/api/orchestrations/:name/runs").handler(this::start);
        router.get("/api/runs").handler(this::list);
        router.get("/api/runs/:id").handler(this::get);
        router.get("/api/runs/:id/events").handler(this::events);
        router.post("/api/runs/:id/cancel").handler(this::cancel);
        router.post("/api/runs/:id/compensate").handler(this::compensate);
    }

    private void start(RoutingContext ctx) {
        StartRequest request = new StartRequest(ctx.pathParam("name"), input(ctx), headers(ctx), startKey(ctx));
        Duration wait = wait(ctx);
        engine.start(request).whenComplete((start, error) -> {
            if (error != null) {
                Answers.fail(ctx, error);
                return;
            }
            StartOutcome outcome = start.outcome();
            if (outcome instanceof StartOutcome.Busy busy) {
                Answers.fail(ctx, refused("busy", "A run of this orchestration is under way", busy.runId()));
            } else if (outcome instanceof StartOutcome.KeyConflict conflict) {
                Answers.fail(
                        ctx,
                        refused(
                                "key-conflict",
                                "This Idempotency-Key was used before with another input",
                                conflict.runId()));
            } else if (outcome instanceof StartOutcome.Throttled throttled) {
                throttle(ctx, throttled);
            } else {
                answerStart(ctx, start, outcome.runId(), wait);
            }
        });
    }

    private static void throttle(RoutingContext ctx, StartOutcome.Throttled throttled) {
        long seconds = Math.max(1, throttled.retryAfter().toSeconds());
        ctx.vertx().runOnContext(now -> ctx.response().putHeader("Retry-After", String.valueOf(seconds)));
        ObjectNode details = JSON.createObjectNode().put("runId", throttled.runId());
        Answers.fail(
                ctx,
                new ApiException(new ApiError(
                        429, "throttled", "Too many runs of this kind were started or are queued", details)));
    }

    private void answerStart(RoutingContext ctx, Engine.Start start, String id, Duration wait) {
        if (wait.isZero()) {
            accepted(ctx, start, id);
            return;
        }
        start.ended().copy().orTimeout(wait.toMillis(), TimeUnit.MILLISECONDS).whenComplete((result, error) -> {
            if (error instanceof TimeoutException || (error == null && result.state() == RunState.RUNNING)) {
                accepted(ctx, start, id);
            } else if (error != null) {
                Answers.fail(ctx, error);
            } else {
                Answers.answer(ctx, () -> document(id));
            }
        });
    }

    private void accepted(RoutingContext ctx, Engine.Start start, String id) {
        ctx.vertx().runOnContext(now -> {
            ctx.response().setStatusCode(202).putHeader("Location", "/api/runs/" + id);
            boolean queued = start.outcome() instanceof StartOutcome.Queued;
            String state = engine.live(id).isPresent() ? "RUNNING" : queued ? "QUEUED" : "ACCEPTED";
            Answers.write(ctx, Map.of("id", id, "state", state));
        });
    }

    private void list(RoutingContext ctx) {
        Optional<Instant> since = Parameters.time(ctx, "since");
        RunQuery query = new RunQuery(
                Parameters.parameter(ctx, "orchestration"),
                Parameters.state(ctx),
                Parameters.cursorUntil(ctx),
                Parameters.limit(ctx));
        Answers.answer(ctx, () -> {
            List<Run> found = engine.store().list(query);
            List<Run> young = found.stream()
                    .filter(run -> since.isEmpty() || !run.createdAt().isBefore(since.get()))
                    .toList();
            // In the order of their starts: behind an older one there is none that is meant, and no other page.
            return Answers.page(young, query.limit(), engine);
        });
    }

    private void get(RoutingContext ctx) {
        String id = ctx.pathParam("id");
        Answers.answer(ctx, () -> document(id));
    }

    private void cancel(RoutingContext ctx) {
        String id = ctx.pathParam("id");
        // Answered at once: the step under way may take its time and is recorded first. 202 says that this is not done.
        Answers.answer(ctx, () -> {
            CompletableFuture<RunResult> cancelled = engine.cancel(id);
            if (!cancelled.isDone() && engine.live(id).isPresent()) {
                ctx.response().setStatusCode(202);
            } else {
                cancelled.join();
            }
            return document(id);
        });
    }

    private void compensate(RoutingContext ctx) {
        String id = ctx.pathParam("id");
        Answers.answer(ctx, () -> {
            engine.deadLetters().compensate(id).join();
            return document(id);
        });
    }

    private void events(RoutingContext ctx) {
        String id = ctx.pathParam("id");
        long after = lastEventId(ctx);
        ctx.vertx()
                .executeBlocking(() -> engine.store().find(id).orElseThrow(() -> new UnknownRun(id)), false)
                .onSuccess(run -> new RunEventStream(ctx, runtime, id, after, patience).begin())
                .onFailure(error -> Answers.fail(ctx, error));
    }

    private Map<String, @Nullable Object> document(String id) {
        return runtime.document(id).orElseThrow(() -> new UnknownRun(id));
    }

    private static ApiException refused(String code, String message, String runId) {
        ObjectNode details = JSON.createObjectNode().put("runId", runId);
        return new ApiException(new ApiError(409, code, message, details));
    }

    static Payload.Inline input(RoutingContext ctx) {
        Buffer body = ctx.body().buffer();
        if (body == null || body.length() == 0) {
            return (Payload.Inline) Payload.NONE;
        }
        try {
            return new Payload.Inline(Payload.Kind.JSON, JSON.writeValueAsBytes(UntrustedJson.read(body.getBytes())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What was read as JSON can be written", e);
        }
    }

    /** Of the request's headers a run keeps those that connect it with its caller's logs and traces. */
    private static @Nullable String headers(RoutingContext ctx) {
        ObjectNode headers = JSON.createObjectNode();
        for (String name : List.of("X-Correlation-ID", "traceparent")) {
            String value = ctx.request().getHeader(name);
            if (value != null && value.length() <= MOST_HEADER_CHARACTERS) {
                headers.put(name, value);
            }
        }
        return headers.isEmpty() ? null : headers.toString();
    }

    static @Nullable String startKey(RoutingContext ctx) {
        return ctx.request().getHeader("Idempotency-Key");
    }

    private static Duration wait(RoutingContext ctx) {
        Optional<String> text = Parameters.parameter(ctx, "wait");
        String prefer = ctx.request().getHeader("Prefer");
        if (text.isEmpty() || (prefer != null && prefer.contains("respond-async"))) {
            return Duration.ZERO;
        }
        try {
            Duration wait = Settings.durationOf("wait", text.get());
            if (wait.compareTo(MOST_WAIT) <= 0) {
                return wait;
            }
        } catch (SettingsException e) {
            // Answered below, with what is allowed: one message for both mistakes.
        }
        throw Parameters.invalid("wait must be a time from 0s to 5m, such as 30s");
    }

    private static long lastEventId(RoutingContext ctx) {
        String text = ctx.request().getHeader("Last-Event-ID");
        return text == null ? 0 : Long.parseLong(text);
    }
}
