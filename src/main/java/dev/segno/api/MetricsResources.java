package dev.segno.api;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Supplier;

/** The figures of the node for Prometheus; for everybody who may look at runs. */
public final class MetricsResources implements ApiRoutes {

    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    /** Where Prometheus looks unless it is told otherwise. */
    public static final String USUAL_PATH = "/metrics";

    private final Supplier<String> text;
    private final boolean atUsualPath;

    /**
     * @param text        makes the figures, and may block
     * @param atUsualPath whether they are at {@link #USUAL_PATH} too, which a package may have for itself
     */
    public MetricsResources(Supplier<String> text, boolean atUsualPath) {
        this.text = text;
        this.atUsualPath = atUsualPath;
    }

    @Override
    public void mount(Router router) {
        router.get("/api/metrics").handler(this::figures);
        if (atUsualPath) {
            router.get(USUAL_PATH).handler(this::figures);
        }
    }

    private void figures(RoutingContext ctx) {
        ctx.vertx()
                .executeBlocking(text::get, false)
                .onSuccess(figures ->
                        ctx.response().putHeader("Content-Type", TEXT).end(figures))
                .onFailure(error -> Answers.fail(ctx, error));
    }
}
