package dev.segno.api;

import dev.segno.audit.Act;
import dev.segno.audit.Audit;
import dev.segno.audit.AuditEntry.Result;
import dev.segno.security.Caller;
import dev.segno.security.Redaction;
import dev.segno.security.RequestId;
import dev.segno.security.Role;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what callers change over the API and the operators' part of packages, what triggers start, and what callers are
 * not let do, when it has been answered. Route files record themselves, before and after. Safe for concurrent use.
 *
 * <p>Who is refused, or locked out, is recorded too, but whoever sends a million bad requests does not get a million lines:
 * {@link Denials}.
 */
public final class AuditTrail {

    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private final Audit audit;
    private final Denials denials;

    public AuditTrail(Audit audit) {
        this.audit = audit;
        this.denials = new Denials(System::nanoTime);
    }

    /** What the caller of a request wants to do. */
    static Act act(RoutingContext ctx, String action, String target) {
        HttpServerRequest request = ctx.request();
        @Nullable Caller caller = Caller.of(ctx);
        return new Act(
                caller == null ? "nobody" : caller.name(),
                action,
                Redaction.of(target),
                RequestId.of(request),
                request.remoteAddress() == null ? null : request.remoteAddress().hostAddress());
    }

    /** Looks at a request when it has been answered. */
    void follow(RoutingContext ctx) {
        ctx.addEndHandler(ended -> answered(ctx));
    }

    private void answered(RoutingContext ctx) {
        int status = ctx.response().getStatusCode();
        String method = ctx.request().method().name();
        // Without the query, which may hold a key.
        String path = String.valueOf(ctx.request().path());
        boolean denied = status == 401 || status == 403 || (status == 429 && Caller.of(ctx) == null);
        boolean recordsItself =
                RefusalRecord.has(ctx) || (path.startsWith(RouteFileResources.BASE) && Caller.of(ctx) != null);
        if (denied && !recordsItself) {
            Act act = act(ctx, method, path);
            denials.add(String.valueOf(act.address()), status)
                    .ifPresent(earlier -> note(act, Result.REFUSED, status + earlier));
        } else if (!denied && steers(ctx, path) && !READING.contains(method) && !recordsItself) {
            note(
                    act(ctx, method, path),
                    status < 400 ? Result.DONE : status < 500 ? Result.REFUSED : Result.FAILED,
                    String.valueOf(status));
        }
    }

    /** Runs that a trigger starts are told by {@link #started}. */
    public void started(String caller, String trigger, String orchestration, String runId, String requestId) {
        note(
                new Act(caller, "start", orchestration, requestId, null),
                Result.DONE,
                "run " + runId + " by " + Redaction.of(trigger));
    }

    /** Whether a path is of the API, or one of a package that is for operators. */
    private static boolean steers(RoutingContext ctx, String path) {
        @Nullable Operation operation = Operation.of(ctx);
        return path.startsWith("/api/")
                || (operation != null
                        && !operation.access().open()
                        && operation.access().role().includes(Role.OPERATOR));
    }

    private void note(Act act, Result result, String reason) {
        audit.note(act, result, reason).exceptionally(failure -> {
            LOG.warn("{} {} by {} could not be recorded", act.action(), act.target(), act.caller(), failure);
            return null;
        });
    }
}
