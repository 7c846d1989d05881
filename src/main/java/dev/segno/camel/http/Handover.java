package dev.segno.camel.http;

import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the handlers in front of a route tell the engine about a request that they have looked at. Stateless; call it on
 * the request's event loop.
 */
public final class Handover {

    private static final String JSON = "segno.json-body";
    /** The header that carries correlation ids. */
    static final String CORRELATION_HEADER = "X-Correlation-ID";

    private static final String CORRELATION = "segno.correlation-id";
    private static final String SECRETS = "segno.secret-parameters";

    private Handover() {}

    /** The body was read and is well-formed JSON, whatever its type claims to be. */
    public static void bodyIsJson(RoutingContext ctx) {
        ctx.put(JSON, true);
    }

    /** These query parameters carry credentials and go no further. */
    public static void secretParameters(RoutingContext ctx, Set<String> names) {
        ctx.put(SECRETS, names);
    }

    /**
     * The correlation id of the request. It stands in the answer, percent-encoded where a header could not hold it, and is
     * the {@code X-Correlation-ID} of the message.
     */
    public static void correlationId(RoutingContext ctx, String id) {
        ctx.put(CORRELATION, id);
        boolean plain = id.chars().allMatch(c -> c >= ' ' && c <= '~');
        ctx.response()
                .putHeader(
                        CORRELATION_HEADER,
                        plain
                                ? id
                                : URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20"));
    }

    /** The correlation id that {@link #correlationId(RoutingContext, String)} gave, or null. */
    static @Nullable String correlationId(RoutingContext ctx) {
        return ctx.get(CORRELATION);
    }

    static boolean isBodyJson(RoutingContext ctx) {
        return ctx.get(JSON) != null;
    }

    static Set<String> secretParameters(RoutingContext ctx) {
        @Nullable Set<String> names = ctx.get(SECRETS);
        return names == null ? Set.of() : names;
    }
}
