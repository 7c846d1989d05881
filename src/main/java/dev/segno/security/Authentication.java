package dev.segno.security;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.List;
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
 *   <li>it shows a key of its operation, or one of the {@link GlobalKeys} as {@code X-Api-Key} or
 *       {@code Authorization: Bearer};
 *   <li>its operation has no keys of its own, there are no global keys, and the server is open: to this machine when it listens on
 *       loopback, to everybody when it was told to be insecure.
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

    private final GlobalKeys keys;
    private final Openness openness;
    private final AccessRules rules;

    public Authentication(GlobalKeys keys, Openness openness, AccessRules rules) {
        this.keys = keys;
        this.openness = openness;
        this.rules = rules;
    }

    @Override
    public void handle(RoutingContext ctx) {
        Optional<AccessRules.Rule> rule = rules.ruleFor(ctx);
        if (ctx.response().ended()) {
            return;
        }
        @Nullable Caller caller;
        if (PUBLIC.contains(ctx.normalizedPath())
                || SIGNAL_BY_TOKEN.matcher(ctx.normalizedPath()).matches()
                || rule.map(AccessRules.Rule::open).orElse(false)) {
            caller = Caller.ANONYMOUS;
        } else {
            caller = rule.map(AccessRules.Rule::schemes).orElse(List.of()).stream()
                    .map(scheme -> scheme.callerOf(ctx))
                    .flatMap(Optional::stream)
                    .findFirst()
                    .or(() -> globalCaller(ctx.request()))
                    .orElse(null);
            if (caller == null
                    && keys.isEmpty()
                    && rule.map(AccessRules.Rule::isServers).orElse(true)) {
                if (openness == Openness.LOOPBACK && !isLocal(ctx.request())) {
                    ErrorReply.send(
                            ctx,
                            new ApiError(
                                    403, "forbidden", "Without API keys this server answers its own machine only"));
                    return;
                }
                caller = Caller.ANONYMOUS;
            }
        }
        if (caller == null) {
            ErrorReply.send(ctx, ApiError.unauthorized());
            return;
        }
        caller.enter(ctx);
        ctx.next();
    }

    private Optional<Caller> globalCaller(HttpServerRequest request) {
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        @Nullable String key = request.getHeader("X-Api-Key");
        if (key == null) {
            @Nullable String authorization = request.getHeader("Authorization");
            if (authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
                key = authorization.substring(7).strip();
            }
        }
        return key == null ? Optional.empty() : keys.callerOf(key);
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
