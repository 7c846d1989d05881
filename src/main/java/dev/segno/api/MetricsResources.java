package dev.segno.api;

import io.vertx.ext.web.Router;
import java.util.function.Supplier;

/** The figures of the node for Prometheus; for everybody who may look at runs. */
public final class MetricsResources implements ApiRoutes {

    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final Supplier<String> text;

    /** @param text makes the figures, and may block */
    public MetricsResources(Supplier<String> text) {
        this.text = text;
    }

    @Override
    public void mount(Router router) {
        router.get("/api/metrics")
                .handler(ctx -> ctx.vertx()
                        .executeBlocking(text::get, false)
                        .onSuccess(figures ->
                                ctx.response().putHeader("Content-Type", TEXT).end(figures))
                        .onFailure(error -> Answers.fail(ctx, error)));
    }
}
