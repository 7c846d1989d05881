package dev.segno.camel.http;

import dev.segno.security.Caller;
import io.vertx.ext.web.RoutingContext;

/**
 * The last look before a request enters a route: whether the door in front has let it in for this very path. It guards
 * against any difference between how the door and the router read a path. Must be safe for concurrent use.
 */
@FunctionalInterface
public interface EntryCheck {

    /** Whoever passed the authentication may enter. */
    EntryCheck AUTHENTICATED = (ctx, path) -> Caller.of(ctx) != null;

    /**
     * Whether the request may enter.
     *
     * @param ctx the request
     * @param path the path of the route's endpoint, such as {@code /items/{id}}
     */
    boolean admits(RoutingContext ctx, String path);
}
