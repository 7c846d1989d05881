package dev.segno.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.segno.camel.RouteRuntime;
import dev.segno.run.DeadLetterGroup;
import dev.segno.run.DeadLetterGroups;
import dev.segno.run.DeadLetterQuery;
import dev.segno.run.DeadLetters;
import dev.segno.run.EditedInput;
import dev.segno.run.Engine;
import dev.segno.run.ForkRequest;
import dev.segno.run.Rehearsal;
import dev.segno.run.ReplayDiffers;
import dev.segno.run.RetryRequest;
import dev.segno.run.StepKey;
import dev.segno.run.UnknownRun;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Dead letters over HTTP: list, group, retry, retry with edited input or on the newest version, fork, give up. */
public final class DeadLetterResources implements ApiRoutes {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NEWEST = "newest";

    private final RouteRuntime runtime;
    private final Engine engine;
    private final DeadLetters deadLetters;
    private final DeadLetterGroups groups;

    public DeadLetterResources(RouteRuntime runtime) {
        this.runtime = runtime;
        this.engine = runtime.engine();
        this.deadLetters = engine.deadLetters();
        this.groups = new DeadLetterGroups(engine);
    }

    @Override
    public void mount(Router router) {
        router.post("/api/runs/:id/retry").handler(this::retry);
        router.post("/api/runs/:id/fork").handler(this::fork);
        router.post("/api/runs/:id/give-up").handler(this::giveUp);
        router.get("/api/dead-letters").handler(this::list);
        router.get("/api/dead-letters/groups").handler(this::groups);
        router.post("/api/dead-letters/retry").handler(ctx -> each(ctx, groups::retry));
        router.post("/api/dead-letters/give-up").handler(ctx -> each(ctx, groups::giveUp));
    }

    private void retry(RoutingContext ctx) {
        String id = ctx.pathParam("id");
        EditedInput edit = EditedInputs.of(EditedInputs.document(ctx));
        boolean newest =
                Parameters.parameter(ctx, "version").filter(NEWEST::equals).isPresent();
        RetryRequest request = new RetryRequest(id, edit, newest);
        boolean dryRun = Parameters.isTrue(ctx, "dryRun");
        Answers.answer(ctx, () -> {
            if (dryRun) {
                return rehearsal(join(deadLetters.rehearse(request)));
            }
            join(deadLetters.retry(request));
            return document(id);
        });
    }

    private void fork(RoutingContext ctx) {
        String id = ctx.pathParam("id");
        JsonNode document = EditedInputs.document(ctx);
        boolean newest = document.path("version").asText().equals(NEWEST);
        ForkRequest request =
                new ForkRequest(id, new StepKey(document.path("from").textValue()), EditedInputs.of(document), newest);
        Answers.answer(ctx, () -> {
            String fork = join(deadLetters.fork(request));
            ctx.response().setStatusCode(201).putHeader("Location", "/api/runs/" + fork);
            return document(fork);
        });
    }

    private void giveUp(RoutingContext ctx) {
        String id = ctx.pathParam("id");
        Answers.answer(ctx, () -> {
            join(deadLetters.giveUp(id));
            return document(id);
        });
    }

    private void list(RoutingContext ctx) {
        DeadLetterQuery query = new DeadLetterQuery(
                Parameters.parameter(ctx, "orchestration"),
                Parameters.parameter(ctx, "step"),
                Parameters.parameter(ctx, "errorType"),
                Parameters.cursor(ctx),
                Parameters.limit(ctx));
        Answers.answer(ctx, () -> Answers.page(engine.store().deadLetters().list(query), query.limit(), engine));
    }

    private void groups(RoutingContext ctx) {
        Answers.answer(
                ctx,
                () -> Map.of(
                        "groups",
                        groups.all().stream().map(DeadLetterResources::group).toList()));
    }

    private static void each(RoutingContext ctx, Function<String, Optional<DeadLetterGroups.Results>> action) {
        String group = EditedInputs.document(ctx).path("group").textValue();
        Answers.answer(
                ctx,
                () -> action.apply(group)
                        .map(DeadLetterResources::results)
                        .orElseThrow(
                                () -> new ApiException(
                                        new ApiError(
                                                404,
                                                "not-found",
                                                "There is no such group (any more); GET /api/dead-letters/groups has those that there are"))));
    }

    private static Map<String, @Nullable Object> group(DeadLetterGroup group) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("group", group.id());
        document.put("orchestration", group.orchestration());
        document.put("step", group.step());
        document.put("errorType", group.errorType());
        document.put("message", group.message());
        document.put("count", group.count());
        document.put("oldest", group.oldest().toString());
        document.put("newest", group.newest().toString());
        document.put("examples", group.examples());
        return document;
    }

    private static Map<String, @Nullable Object> results(DeadLetterGroups.Results results) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("group", results.group().id());
        document.put(
                "results",
                results.results().stream().map(DeadLetterResources::result).toList());
        document.put("left", results.left());
        return document;
    }

    private static Map<String, @Nullable Object> result(DeadLetterGroups.Result result) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("id", result.runId());
        document.put("done", result.refused() == null);
        document.put("refused", result.refused());
        return document;
    }

    private static Map<String, @Nullable Object> rehearsal(Rehearsal rehearsal) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        StepKey at = rehearsal.wouldGoOnAt();
        document.put("version", rehearsal.version());
        if (!rehearsal.fits()) {
            document.put("difference", rehearsal.difference());
            return document;
        }
        document.put("wouldGoOnAt", at == null ? null : at.path());
        if (rehearsal.unknown() != null) {
            document.put(
                    "unknown",
                    "'" + rehearsal.unknown() + "' stands outside of a step and has an effect: a dry run stops there");
        }
        return document;
    }

    /** Waits for what was asked for, and tells how a journal differs. */
    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ReplayDiffers differs) {
                ObjectNode details = JSON.createObjectNode()
                        .put("version", differs.rehearsal().version());
                differs.rehearsal().difference().forEach(details.withArray("difference")::add);
                throw new ApiException(
                        new ApiError(409, "replay-differs", String.valueOf(differs.getMessage()), details), differs);
            }
            throw e;
        }
    }

    private Map<String, @Nullable Object> document(String id) {
        return runtime.document(id).orElseThrow(() -> new UnknownRun(id));
    }
}
