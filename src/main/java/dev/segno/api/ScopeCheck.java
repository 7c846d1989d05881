package dev.segno.api;

import dev.segno.run.Run;
import dev.segno.run.RunStore;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import dev.segno.security.Caller;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps callers whose keys are for some orchestrations to these: they start them, look at them and at their runs, and manage
 * their runs. Whatever is not known to be about one of them is refused; a run of another one is not there for them. Mounted
 * before everything else.
 */
public final class ScopeCheck implements ApiRoutes {

    private static final Pattern ORCHESTRATION = Pattern.compile("/api/orchestrations/([A-Za-z0-9._-]+)(?:/.*)?");
    private static final Pattern RUN = Pattern.compile("/api/runs/([0-9A-Z]{26})(?:/.*)?");

    private final RunStore store;

    public ScopeCheck(RunStore store) {
        this.store = store;
    }

    @Override
    public void mount(Router router) {
        router.route().handler(this::check);
    }

    private void check(RoutingContext ctx) {
        @Nullable Caller caller = Caller.of(ctx);
        @Nullable List<String> scope = caller == null ? null : caller.scope();
        if (scope == null) {
            ctx.next();
            return;
        }
        // What is in scope needs no escapes and no dots, so that there is nothing that two could read in two ways.
        String raw = String.valueOf(ctx.request().path());
        String path = raw.equals(ctx.normalizedPath()) ? raw : "";
        Matcher run = RUN.matcher(path);
        if (run.matches()) {
            String id = run.group(1);
            ctx.vertx()
                    .executeBlocking(() -> store.find(id).map(Run::orchestration), false)
                    .onSuccess(name -> {
                        if (name.map(scope::contains).orElse(true)) {
                            ctx.next();
                        } else {
                            ctx.fail(new ApiException(new ApiError(404, "not-found", "There is no run " + id)));
                        }
                    })
                    .onFailure(error -> Answers.fail(ctx, error));
        } else if (about(ctx, path).map(scope::contains).orElse(false)) {
            ctx.next();
        } else {
            throw new ApiException(new ApiError(
                    403, "out-of-scope", "This key is for some orchestrations only, and this is none of them"));
        }
    }

    /** The orchestration that a request is about. */
    private static Optional<String> about(RoutingContext ctx, String path) {
        Matcher orchestration = ORCHESTRATION.matcher(path);
        if (orchestration.matches()) {
            return Optional.of(orchestration.group(1));
        }
        return path.equals("/api/runs") && HttpMethod.GET.equals(ctx.request().method())
                ? Parameters.parameter(ctx, "orchestration")
                : Optional.empty();
    }
}
