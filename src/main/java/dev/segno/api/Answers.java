package dev.segno.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.camel.RunDocument;
import dev.segno.editing.InvalidRoutes;
import dev.segno.run.Engine;
import dev.segno.run.InvalidStart;
import dev.segno.run.Run;
import dev.segno.run.RunConflict;
import dev.segno.run.StoreUnavailable;
import dev.segno.run.UnknownOrchestration;
import dev.segno.run.UnknownRun;
import dev.segno.run.UnknownStep;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import dev.segno.trigger.UnknownSchedule;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How operations on runs answer. Stateless, hence safe for concurrent use. */
final class Answers {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Answers() {}

    /** Answers with the JSON document that {@code work}, which may block, comes to. */
    static void answer(RoutingContext ctx, Supplier<Object> work) {
        ctx.vertx()
                .executeBlocking(work::get, false)
                .onSuccess(found -> write(ctx, found))
                .onFailure(error -> fail(ctx, error));
    }

    /** A page of runs, with where the next one begins. */
    static Map<String, @Nullable Object> page(List<Run> runs, int limit, Engine engine) {
        Map<String, @Nullable Object> page = new LinkedHashMap<>();
        page.put(
                "runs",
                runs.stream().map(run -> RunDocument.summary(run, engine)).toList());
        page.put(
                "nextCursor",
                runs.size() < limit ? null : runs.get(runs.size() - 1).id());
        return page;
    }

    /** Writes a JSON document; called on the request's event loop. */
    static void write(RoutingContext ctx, Object document) {
        try {
            ctx.response()
                    .putHeader("Content-Type", "application/json")
                    .putHeader("Cache-Control", "no-store")
                    .end(Buffer.buffer(JSON.writeValueAsBytes(document)));
        } catch (JsonProcessingException e) {
            ctx.fail(e);
        }
    }

    /** Answers with an error; called on any thread. */
    static void fail(RoutingContext ctx, Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        ctx.vertx().runOnContext(now -> ctx.fail(explained(cause)));
    }

    private static Throwable explained(Throwable cause) {
        if (cause instanceof UnknownRun || cause instanceof UnknownOrchestration || cause instanceof UnknownSchedule) {
            return new ApiException(new ApiError(404, "not-found", String.valueOf(cause.getMessage())), cause);
        }
        if (cause instanceof InvalidRoutes invalid) {
            return Problems.refusal(invalid.problems());
        }
        if (cause instanceof UnknownStep) {
            return new ApiException(new ApiError(404, "unknown-step", String.valueOf(cause.getMessage())), cause);
        }
        if (cause instanceof InvalidStart) {
            return new ApiException(new ApiError(422, "invalid-input", String.valueOf(cause.getMessage())), cause);
        }
        if (cause instanceof RunConflict) {
            return new ApiException(new ApiError(409, "conflict", String.valueOf(cause.getMessage())), cause);
        }
        if (cause instanceof StoreUnavailable) {
            return new ApiException(
                    new ApiError(503, "unavailable", "Nothing can be recorded at the moment, try again"), cause);
        }
        return cause;
    }
}
