package dev.segno.security;

import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which pages of other origins may read answers: those that the setting lists, exactly as they are written, and none without
 * it. Browsers never send credentials of their own along: there are no cookies, and nobody is told that they may. Whatever
 * a route says about origins is taken back. Immutable, hence safe for concurrent use.
 */
public final class Cors {

    /** Setting with the origins: {@code https://dashboard.example.com,https://other.example.com:8443}. */
    public static final String SETTING = "SEGNO_CORS_ORIGINS";

    private static final Pattern ORIGIN =
            Pattern.compile("https?://[a-z0-9.-]+(:\\d{1,5})?|https?://\\[[0-9a-f:]+](:\\d{1,5})?");

    private final Set<String> origins;

    private Cors(Set<String> origins) {
        this.origins = origins;
    }

    /** @throws SettingsException when an origin has another form; there is no wildcard */
    public static Cors from(Settings settings) {
        Set<String> origins = Arrays.stream(settings.get(SETTING, "").split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        for (String origin : origins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw new SettingsException("setting " + SETTING + ": \"" + origin
                        + "\" is no origin; write it as https://dashboard.example.com, in lower case and"
                        + " without a path");
            }
        }
        return new Cors(origins);
    }

    /** Answers a browser that asks beforehand; passes all other requests on. */
    public void preflight(RoutingContext ctx) {
        MultiMap headers = ctx.request().headers();
        if (!HttpMethod.OPTIONS.equals(ctx.request().method())
                || !headers.contains("Access-Control-Request-Method")
                || !isListed(headers.get("Origin"))) {
            ctx.next();
            return;
        }
        ctx.response().setStatusCode(204).end();
    }

    /** Says who may read an answer; called when its headers are about to be written. */
    public void complete(RoutingContext ctx) {
        MultiMap answer = ctx.response().headers();
        answer.names().stream()
                .filter(name -> name.regionMatches(true, 0, "Access-Control-", 0, 15))
                .toList()
                .forEach(answer::remove);
        if (origins.isEmpty()) {
            return;
        }
        answer.add("Vary", "Origin");
        @Nullable String origin = ctx.request().getHeader("Origin");
        if (origin == null || !isListed(origin)) {
            return;
        }
        answer.set("Access-Control-Allow-Origin", origin);
        if (HttpMethod.OPTIONS.equals(ctx.request().method())) {
            answer.set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE");
            answer.set(
                    "Access-Control-Allow-Headers",
                    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Prefer,"
                            + " X-Api-Key, X-Correlation-ID, X-Request-ID, traceparent");
            answer.set("Access-Control-Max-Age", "600");
        } else {
            answer.set(
                    "Access-Control-Expose-Headers",
                    "ETag, Location, Retry-After, X-Correlation-ID, X-Request-ID, X-Run-Id");
        }
    }

    private boolean isListed(@Nullable String origin) {
        return origin != null && origins.contains(origin);
    }
}
