package dev.segno.camel.http;

import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the handlers in front of a route tell the engine about a request that they have looked at. Stateless; call it on
 * the request's event loop.
 */
public final class Handover {

    private static final String JSON = "segno.json-body";
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

    static boolean isBodyJson(RoutingContext ctx) {
        return ctx.get(JSON) != null;
    }

    static Set<String> secretParameters(RoutingContext ctx) {
        @Nullable Set<String> names = ctx.get(SECRETS);
        return names == null ? Set.of() : names;
    }
}
