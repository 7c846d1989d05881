package dev.segno.api;

import com.github.f4b6a3.ulid.UlidCreator;
import dev.segno.run.Engine;
import dev.segno.run.Payload;
import dev.segno.run.RunStore;
import dev.segno.run.Signal;
import dev.segno.run.SignalOutcome;
import dev.segno.run.UnknownRun;
import dev.segno.run.Wait;
import dev.segno.run.WaitTokens;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Signals over HTTP: by those who may use the API, and by those who were given the token of one wait. */
public final class SignalResources implements ApiRoutes {

    private final Engine engine;
    private final WaitTokens tokens;

    public SignalResources(Engine engine, WaitTokens tokens) {
        this.engine = engine;
        this.tokens = tokens;
    }

    @Override
    public void mount(Router router) {
        router.post("/api/runs/:id/signals/:name").handler(this::signal);
        router.post("/api/signals/:token").handler(this::signalByToken);
    }

    private void signal(RoutingContext ctx) {
        send(ctx, ctx.pathParam("id"), ctx.pathParam("name"));
    }

    /** A token that is made up, was used, or whose wait is over is no credential: 401 tells no more than that. */
    private void signalByToken(RoutingContext ctx) {
        String token = ctx.pathParam("token");
        Payload.Inline body = body(ctx);
        ctx.vertx()
                .executeBlocking(() -> waitOf(token), false)
                .onSuccess(wait -> {
                    String signal = wait.map(Wait::signal).orElse(null);
                    if (signal == null) {
                        ctx.fail(new ApiException(
                                new ApiError(401, "unauthorized", "This token is good for no wait that is open")));
                    } else {
                        // The token is the signal's id: the same link sent twice is one signal.
                        send(ctx, WaitTokens.runOf(token).orElseThrow(), signal, token, body);
                    }
                })
                .onFailure(error -> Answers.fail(ctx, error));
    }

    private Optional<Wait> waitOf(String token) {
        return WaitTokens.runOf(token)
                .flatMap(
                        runId -> engine.store().waitOf(runId).filter(wait -> tokens.matches(token, runId, wait.key())));
    }

    private void send(RoutingContext ctx, String runId, String name) {
        String key = RunResources.startKey(ctx);
        send(ctx, runId, name, key == null ? UlidCreator.getMonotonicUlid().toString() : key, body(ctx));
    }

    private void send(RoutingContext ctx, String runId, String name, String id, Payload.Inline body) {
        engine.signal(new Signal(runId, id, name, body, engine.now())).whenComplete((outcome, error) -> {
            if (error != null) {
                Answers.fail(ctx, error);
            } else if (outcome instanceof SignalOutcome.NoRun) {
                Answers.fail(ctx, new UnknownRun(runId));
            } else if (outcome instanceof SignalOutcome.TooLate late) {
                Answers.fail(
                        ctx,
                        new ApiException(
                                new ApiError(410, "ended", "The run is " + late.state() + " and takes no signals")));
            } else {
                ctx.vertx().runOnContext(now -> {
                    ctx.response().setStatusCode(202);
                    Answers.write(
                            ctx,
                            Map.of(
                                    "runId",
                                    runId,
                                    "signal",
                                    name,
                                    "outcome",
                                    outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT)));
                });
            }
        });
    }

    private static Payload.Inline body(RoutingContext ctx) {
        Payload.Inline body = RunResources.input(ctx);
        if (body.length() > RunStore.INLINE_BYTES) {
            throw new ApiException(new ApiError(
                    413, "too-large", "A signal has at most " + RunStore.INLINE_BYTES + " bytes; send a reference"));
        }
        return body;
    }
}
