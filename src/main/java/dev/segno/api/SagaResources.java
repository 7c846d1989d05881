package dev.segno.api;

import dev.segno.camel.SagaDocument;
import dev.segno.run.Engine;
import dev.segno.run.Run;
import dev.segno.run.Saga;
import dev.segno.run.SagaQuery;
import dev.segno.run.SagaStatistics;
import dev.segno.run.UnknownRun;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sagas over HTTP: list, look at one, count. */
public final class SagaResources implements ApiRoutes {

    private final Engine engine;

    public SagaResources(Engine engine) {
        this.engine = engine;
    }

    @Override
    public void mount(Router router) {
        router.get("/api/sagas").handler(this::list);
        router.get("/api/sagas/statistics").handler(this::statistics);
        router.get("/api/sagas/:id").handler(this::get);
    }

    private void list(RoutingContext ctx) {
        SagaQuery query = new SagaQuery(
                Parameters.state(ctx), Parameters.isTrue(ctx, "stuck"), Parameters.cursor(ctx), Parameters.limit(ctx));
        Answers.answer(ctx, () -> page(engine.store().sagas().list(query), query.limit()));
    }

    private Map<String, @Nullable Object> page(List<Run> runs, int limit) {
        Map<String, @Nullable Object> page = new LinkedHashMap<>();
        page.put(
                "sagas",
                runs.stream().map(run -> SagaDocument.summary(run, engine)).toList());
        page.put(
                "nextCursor",
                runs.size() < limit ? null : runs.get(runs.size() - 1).id());
        return page;
    }

    private void get(RoutingContext ctx) {
        String id = ctx.pathParam("id");
        Answers.answer(ctx, () -> SagaDocument.of(saga(id), engine));
    }

    private Saga saga(String id) {
        return Saga.of(engine, id)
                .orElseThrow(() -> engine.store().find(id).isEmpty()
                        ? new UnknownRun(id)
                        : new ApiException(
                                new ApiError(404, "not-found", "Run " + id + " has no saga that it could undo")));
    }

    private void statistics(RoutingContext ctx) {
        Answers.answer(ctx, () -> document(engine.store().sagas().statistics()));
    }

    private static Map<String, @Nullable Object> document(SagaStatistics statistics) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("total", statistics.total());
        document.put("stuck", statistics.stuck());
        Map<String, Long> states = new LinkedHashMap<>();
        statistics.byState().forEach((state, count) -> states.put(state.name(), count));
        document.put("states", states);
        return document;
    }
}
