package dev.segno.api;

import dev.segno.audit.Act;
import dev.segno.audit.Audit;
import dev.segno.camel.RouteLoader;
import dev.segno.editing.InvalidRoutes;
import dev.segno.editing.Precondition;
import dev.segno.editing.RouteFiles;
import dev.segno.editing.RoutePath;
import dev.segno.security.ApiException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Route files over HTTP: read, save, delete. Every attempt to change one is recorded, those that the door refused among them
 * ({@link RefusalRecord}).
 */
public final class RouteFileResources implements ApiRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(RouteFileResources.class);

    static final String BASE = "/api/routes/";

    private final RouteFiles files;
    private final RouteLoader loader;
    private final Audit audit;

    public RouteFileResources(RouteFiles files, RouteLoader loader, Audit audit) {
        this.files = files;
        this.loader = loader;
        this.audit = audit;
    }

    @Override
    public void mount(Router router) {
        router.get(BASE + "*").handler(this::read);
        router.put(BASE + "*").handler(this::save);
        router.delete(BASE + "*").handler(this::delete);
    }

    /**
     * The path as it came over the wire, and not as the router normalised and decoded it: what a good one is made of needs no
     * encoding, so that one with an escape is a bad one, and there is nothing that two could read in two ways.
     */
    private static String target(RoutingContext ctx) {
        String path = String.valueOf(ctx.request().path());
        return path.startsWith(BASE) ? path.substring(BASE.length()) : path;
    }

    private void read(RoutingContext ctx) {
        String target = target(ctx);
        ctx.vertx()
                .executeBlocking(() -> files.read(new RoutePath(target)), false)
                .onSuccess(content -> {
                    ctx.response().putHeader("ETag", content.fingerprint().etag());
                    if (content.fingerprint().etag().equals(ctx.request().getHeader("If-None-Match"))) {
                        ctx.response().setStatusCode(304).end();
                        return;
                    }
                    ctx.response().putHeader("Content-Type", "application/yaml").end(Buffer.buffer(content.bytes()));
                })
                .onFailure(error -> Answers.fail(ctx, error));
    }

    private void save(RoutingContext ctx) {
        Buffer body = ctx.body().buffer();
        byte[] bytes = body == null ? new byte[0] : body.getBytes();
        change(ctx, "route.save", (act, path, precondition) -> {
            RouteFiles.Saved saved = files.save(act, path, precondition, bytes);
            ctx.response()
                    .setStatusCode(saved.created() ? 201 : 200)
                    .putHeader("ETag", saved.fingerprint().etag());
            Map<String, @Nullable Object> document = new LinkedHashMap<>();
            document.put("file", path.text());
            document.put("etag", saved.fingerprint().etag());
            document.putAll(served(path.text()));
            document.put("problems", Problems.documents(saved.problems()));
            return document;
        });
    }

    /** What new runs take now. */
    private Map<String, @Nullable Object> served(String path) {
        Map<String, @Nullable Object> served = new LinkedHashMap<>();
        loader.states().stream()
                .filter(state -> state.path().equals(path))
                .findFirst()
                .ifPresent(state -> {
                    served.put(
                            "orchestration",
                            state.names().isEmpty() ? null : state.names().get(0));
                    served.put("version", state.version());
                });
        return served;
    }

    private void delete(RoutingContext ctx) {
        change(ctx, "route.delete", (act, path, precondition) -> {
            Map<String, @Nullable Object> document = new LinkedHashMap<>();
            document.put("file", path.text());
            document.put("problems", Problems.documents(files.delete(act, path, precondition)));
            return document;
        });
    }

    /** A change; answers with a document. */
    @FunctionalInterface
    private interface Change {
        Object make(Act act, RoutePath path, Precondition precondition);
    }

    private void change(RoutingContext ctx, String action, Change change) {
        MultiMap headers = ctx.request().headers();
        Act act = AuditTrail.act(ctx, action, target(ctx));
        Answers.answer(ctx, () -> {
            try {
                return change.make(
                        act,
                        new RoutePath(target(ctx)),
                        Precondition.of(headers.getAll("If-Match"), headers.getAll("If-None-Match")));
            } catch (ApiException e) {
                note(
                        e.error().status() < 500
                                ? () -> audit.refused(act, e.error().message())
                                : () -> audit.failed(act, e.error().message()));
                throw e;
            } catch (InvalidRoutes e) {
                note(() -> audit.refused(act, String.valueOf(e.getMessage())));
                throw e;
            } catch (RuntimeException e) {
                note(() -> audit.failed(act, e.getClass().getSimpleName()));
                throw e;
            }
        });
    }

    /** What was refused stays refused, also when that cannot be recorded. */
    private static void note(Runnable entry) {
        try {
            entry.run();
        } catch (RuntimeException e) {
            LOG.warn("A refused change of a route file could not be recorded", e);
        }
    }
}
