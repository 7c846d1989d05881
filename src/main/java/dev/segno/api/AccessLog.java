package dev.segno.api;

import dev.segno.security.Caller;
import dev.segno.security.RequestId;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line per answered request on the logger {@code dev.segno.access}, at level INFO. Values of query parameters that
 * carry credentials are masked. Stateless, hence safe for concurrent use.
 */
final class AccessLog {

    private static final Logger LOG = LoggerFactory.getLogger("dev.segno.access");

    private static final String BEGAN = "segno.began";

    private static final int SWITCHING_PROTOCOLS = 101;

    private static final String CORRELATION = "X-Correlation-ID";

    private static final Set<String> SECRET_WORDS =
            Set.of("key", "token", "secret", "password", "passwd", "signature", "sig", "code", "auth", "credential");

    private AccessLog() {}

    /** Writes the line when the answer is out. */
    static void follow(RoutingContext ctx) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        ctx.put(BEGAN, System.nanoTime());
        ctx.addEndHandler(ended -> write(ctx, ctx.request().response().getStatusCode()));
    }

    /** Writes the line of a request that has become a socket. */
    static void upgraded(RoutingContext ctx) {
        write(ctx, SWITCHING_PROTOCOLS);
    }

    /** Writes one line for a request, and none when there is one. */
    private static void write(RoutingContext ctx, int status) {
        @Nullable Long began = ctx.remove(BEGAN);
        if (began == null) {
            return;
        }
        HttpServerRequest request = ctx.request();
        @Nullable Caller caller = Caller.of(ctx);
        long millis = (System.nanoTime() - began) / 1_000_000;
        LOG.atInfo()
                .addKeyValue("method", request.method().name())
                .addKeyValue("path", request.path())
                .addKeyValue("status", status)
                .addKeyValue("duration_ms", millis)
                .addKeyValue("correlation_id", correlation(request))
                .log(
                        "{} {} {} {} ms request={} caller={}",
                        request.method(),
                        masked(request.uri()),
                        status,
                        millis,
                        RequestId.of(request),
                        caller == null ? "-" : caller.name());
    }

    /** What the answer carries, else what the caller sent, else the id of the request. */
    private static String correlation(HttpServerRequest request) {
        @Nullable String answered = request.response().headers().get(CORRELATION);
        @Nullable String given = answered == null ? request.getHeader(CORRELATION) : answered;
        return given == null ? RequestId.of(request) : given;
    }

    /** A request target with the values of secret parameters replaced by {@code ***}. */
    static String masked(String uri) {
        int start = uri.indexOf('?');
        if (start < 0) {
            return uri;
        }
        StringJoiner query = new StringJoiner("&");
        for (String pair : uri.substring(start + 1).split("&")) {
            int end = pair.indexOf('=');
            query.add(end >= 0 && isSecret(pair.substring(0, end)) ? pair.substring(0, end) + "=***" : pair);
        }
        return uri.substring(0, start + 1) + query;
    }

    private static boolean isSecret(String name) {
        String plain;
        try {
            plain = URLDecoder.decode(name, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return true;
        }
        return SECRET_WORDS.stream().anyMatch(plain::contains);
    }
}
