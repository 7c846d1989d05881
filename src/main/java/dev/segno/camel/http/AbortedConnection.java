package dev.segno.camel.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;

/** Ends connections whose clients take nothing. Vert.x' own ways to close one wait until the client has taken all of it. */
public final class AbortedConnection {

    private AbortedConnection() {}

    /** Ends a request's connection now; what was not sent is lost, and the handlers of its end are called. */
    public static void of(HttpServerRequest request) {
        if (request.connection() instanceof ConnectionBase base) {
            // From behind Vert.x' handler, which would wait.
            base.channelHandlerContext().close();
        } else {
            request.connection().close();
        }
    }
}
