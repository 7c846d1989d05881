package dev.segno.security;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one door: every request passes it before it is routed, and is refused unless something lets it in. Paths are
 * compared in their normalised form and in full.
 *
 * <p>A request comes in when
 * <ol>
 *   <li>its operation is described as open;
 *   <li>it shows a key of its operation, or one of the {@link Credentials}, and the caller has the role that the operation
 *       asks for; what is not described asks for {@link Role#OPERATOR};
 *   <li>its operation has no keys of its own, there are no credentials, and the server is open: to this machine when it
 *       listens on loopback, to everybody when it was told to be insecure. Such callers are operators.
 * </ol>
 *
 * <p>Safe for concurrent use.
 */
public final class Authentication implements Handler<RoutingContext> {

    /** For whom a server without global keys is open. */
    public enum Openness {
        LOOPBACK,
        EVERYBODY
    }

    private final Credentials credentials;
    private final Openness openness;
    private final AccessRules rules;
    private final Refusals refusals;
    private final Lockouts lockouts;
    private final Lockouts atPackages;

    public Authentication(
            Credentials credentials, Openness openness, AccessRules rules, Refusals refusals, Lockouts lockouts) {
        this.credentials = credentials;
        this.openness = openness;
        this.rules = rules;
        this.refusals = refusals;
        this.lockouts = lockouts;
        this.atPackages = lockouts.alike();
    }

    @Override
    public void handle(RoutingContext ctx) {
        AccessRules.Rule rule = rules.ruleFor(ctx).orElse(AccessRules.Rule.UNDESCRIBED);
        if (rule.open()) {
            enter(ctx, Caller.ANONYMOUS);
            return;
        }
        boolean shown = showsCredential(ctx);
        Optional<Duration> locked = shown ? lockoutsOf(rule).remaining(address(ctx)) : Optional.empty();
        if (locked.isPresent() && rule.schemes().isEmpty()) {
            ctx.response().putHeader("Retry-After", String.valueOf(locked.get().toSeconds() + 1));
            ErrorReply.send(
                    ctx,
                    new ApiError(429, "locked", "Too many wrong credentials came from this address, try again later"));
            return;
        }
        Optional<Caller> own = rule.schemes().stream()
                .map(scheme -> scheme.callerOf(ctx))
                .flatMap(Optional::stream)
                .findFirst();
        // A package's own keys answer as its contract says, however often they are wrong; the others cannot be guessed
        // there.
        Future<Optional<Caller>> found = own.isPresent() || credentials.isEmpty() || locked.isPresent()
                ? Future.succeededFuture(own)
                : credentials.callerOf(ctx.request());
        if (found.isComplete()) {
            decide(ctx, rule, shown, found);
        } else {
            // Nobody reads the body yet, so it has to wait.
            ctx.request().pause();
            found.onComplete(known -> {
                ctx.request().resume();
                decide(ctx, rule, shown, known);
            });
        }
    }

    /** Wrong keys of a package do not lock their address out of everything else. */
    private Lockouts lockoutsOf(AccessRules.Rule rule) {
        return rule.schemes().isEmpty() ? lockouts : atPackages;
    }

    /** Whether a request shows anything that could be guessed. */
    private static boolean showsCredential(RoutingContext ctx) {
        return ctx.request().headers().contains("Authorization")
                || ctx.request().headers().contains("X-Api-Key")
                || SocketProtocols.offerKey(ctx.request());
    }

    private static String address(RoutingContext ctx) {
        return String.valueOf(ctx.request().remoteAddress().hostAddress());
    }

    private void decide(RoutingContext ctx, AccessRules.Rule rule, boolean shown, AsyncResult<Optional<Caller>> found) {
        if (found.failed()) {
            ErrorReply.send(ctx, ApiException.errorOf(found.cause()).orElseGet(() -> ApiError.ofStatus(503)));
            return;
        }
        Optional<Caller> caller = found.result();
        if (caller.isEmpty() && rule.schemes().isEmpty() && credentials.isEmpty()) {
            if (openness == Openness.LOOPBACK && !isLocal(ctx.request())) {
                ErrorReply.send(
                        ctx,
                        new ApiError(403, "forbidden", "Without API keys this server answers its own machine only"));
                return;
            }
            caller = Optional.of(Caller.UNGUARDED);
        }
        if (caller.isEmpty()) {
            if (shown) {
                lockoutsOf(rule).failed(address(ctx));
            }
            ErrorReply.send(ctx, ApiError.unauthorized());
        } else if (rule.admits(caller.get().role())) {
            enter(ctx, caller.get());
        } else {
            ApiError error = belowRole(rule.role());
            refusals.refused(ctx, caller.get(), error);
            ErrorReply.send(ctx, error);
        }
    }

    private static void enter(RoutingContext ctx, Caller caller) {
        caller.enter(ctx);
        ctx.next();
    }

    private ApiError belowRole(Role needed) {
        if (needed == Role.EDITOR && !credentials.anyOf(Role.EDITOR)) {
            return new ApiError(
                    403,
                    "editing-off",
                    "Editing over HTTP is off: start the node with " + GlobalKeys.EDITORS_SETTING
                            + "=name=key and show that key, or edit the files themselves");
        }
        return new ApiError(403, "forbidden", "This needs the role " + needed.text());
    }

    /**
     * Whether a request comes from this machine and means it. A page of a foreign site, open in a browser on this
     * machine, sends its own Origin; one that made its name point here sends a foreign Host.
     */
    private static boolean isLocal(HttpServerRequest request) {
        if (!StartupRule.isLoopback(request.remoteAddress().hostAddress())) {
            return false;
        }
        @Nullable String host = request.getHeader("Host");
        if (host != null && !isLocalName(hostOf("http://" + host))) {
            return false;
        }
        @Nullable String origin = request.getHeader("Origin");
        return origin == null || isSameOrigin(origin, host);
    }

    private static boolean isSameOrigin(String origin, @Nullable String host) {
        return host != null && origin.equalsIgnoreCase("http://" + host);
    }

    private static boolean isLocalName(@Nullable String name) {
        return name != null && (name.equalsIgnoreCase("localhost") || StartupRule.isLoopback(name));
    }

    private static @Nullable String hostOf(String url) {
        try {
            return URI.create(url).getHost();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
