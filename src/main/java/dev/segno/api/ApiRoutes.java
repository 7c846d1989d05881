package dev.segno.api;

import io.vertx.ext.web.Router;

/**
 * Resources that are served in front of Camel's routes.
 *
 * <p>Requests have passed the authentication when they come here. Under {@code /api/} their bodies have been read, up to
 * the default limit; elsewhere they have not. Handlers run on an event loop and must not block it. A failure given to
 * {@code RoutingContext.fail} becomes an error in the API's shape; {@link dev.segno.security.ApiException} chooses which.
 */
@FunctionalInterface
public interface ApiRoutes {

    /** Adds the resources to the router. Called once, before the server listens. */
    void mount(Router router);
}
