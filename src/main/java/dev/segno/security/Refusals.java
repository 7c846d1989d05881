package dev.segno.security;

import io.vertx.ext.web.RoutingContext;

/** Hears of requests that {@link Authentication} refused although it knew who sent them. Safe for concurrent use. */
@FunctionalInterface
public interface Refusals {

    /** Called on the request's event loop, which it must not block, before the answer is sent. */
    void refused(RoutingContext ctx, Caller caller, ApiError error);
}
