package dev.segno.security;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one door: every request passes it before it is routed, and is refused unless something lets it in. Paths are
 * compared in their normalised form and in full.
 *
 * <p>A request comes in when
 * <ol>
 *   <li>its path is public, or its operation is described as open;
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

    /** The token in the path is the credential, and is checked where it is used. */
    private static final Pattern SIGNAL_BY_TOKEN = Pattern.compile("/api/signals/[A-Za-z0-9._-]{1,200}");

    private static final Set<String> PUBLIC = Set.of("/health", "/healthz");

    private final Credentials credentials;
    private final Openness openness;
    private final AccessRules rules;
    private final Refusals refusals;

    public Authentication(Credentials credentials, Openness openness, AccessRules rules, Refusals refusals) {
        this.credentials = credentials;
        this.openness = openness;
        this.rules = rules;
        this.refusals = refusals;
    }

    @Override
    public void handle(RoutingContext ctx) {
        AccessRules.Rule rule = rules.ruleFor(ctx).orElse(AccessRules.Rule.UNDESCRIBED);
        if (ctx.response().ended()) {
            return;
        }
        if (rule.open()
                || PUBLIC.contains(ctx.normalizedPath())
                || SIGNAL_BY_TOKEN.matcher(ctx.normalizedPath()).matches()) {
            enter(ctx, Caller.ANONYMOUS);
            return;
        }
        Optional<Caller> caller = rule.schemes().stream()
                .map(scheme -> scheme.callerOf(ctx))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> credentials.isEmpty() ? Optional.empty() : credentials.callerOf(ctx.request()));
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
