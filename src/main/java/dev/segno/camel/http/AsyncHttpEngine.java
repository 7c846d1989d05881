package dev.segno.camel.http;

import dev.segno.security.IngressFilter;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.support.service.ServiceHelper;

/**
 * The engine that Camel's {@code platform-http} finds in the registry: it puts routes onto a router that belongs to
 * somebody else, and holds no thread while an exchange is under way.
 *
 * <p>Of the endpoint's options, {@code useStreaming} gives the route a stream over the body, which is still read within
 * its limit; the proxy mode and {@code useBodyHandler=false} are refused, since both let a request pass unread. Safe for
 * concurrent use.
 */
public final class AsyncHttpEngine extends VertxPlatformHttpEngine {

    /** Under this name Camel looks for a router whose server has no port yet. */
    private static final String ROUTER = VertxPlatformHttpRouter.PLATFORM_HTTP_ROUTER_NAME_ZERO;

    private final Options options;
    private final RequestPool pool;
    private final Map<String, AsyncHttpConsumer> newest = new ConcurrentHashMap<>();
    private final RouterPlaces places;

    /**
     * What an engine needs.
     *
     * @param filter which names come in
     * @param check the last look before a route
     * @param coreThreads threads that routes start on, kept, at least 1
     * @param maxThreads threads at most, for routes that block
     * @param queued requests that wait for a thread, at most; more are answered 503
     * @param patience how long a client may take nothing of an answer before it is cut off
     */
    public record Options(
            IngressFilter filter, EntryCheck check, int coreThreads, int maxThreads, int queued, Duration patience) {}

    private AsyncHttpEngine(Options options, RouterPlaces places) {
        this.options = options;
        this.places = places;
        this.pool = new RequestPool(options.coreThreads(), options.maxThreads(), options.queued());
    }

    /**
     * Makes an engine and binds it in a context's registry, with the router and the Vert.x instance. Call it before the
     * context starts.
     *
     * @param body reads request bodies in front of every route
     */
    public static AsyncHttpEngine bind(
            CamelContext camel, Vertx vertx, Router router, Handler<RoutingContext> body, Options options) {
        AsyncHttpEngine engine = new AsyncHttpEngine(options, new RouterPlaces(router));
        engine.setCamelContext(camel);
        camel.addComponent("platform-http", new TaggedHttpComponent());
        camel.getRegistry().bind("vertx", Vertx.class, vertx);
        camel.getRegistry().bind(ROUTER, new VertxPlatformHttpRouter(null, vertx, router, ROUTER) {
            @Override
            public Handler<RoutingContext> bodyHandler() {
                return body;
            }
        });
        camel.getRegistry().bind(PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME, PlatformHttpEngine.class, engine);
        return engine;
    }

    /** Whether a request was for a route that is being stopped, and nobody else took it. */
    public static boolean wasPassedOn(RoutingContext ctx) {
        return ctx.get(AsyncHttpConsumer.PASSED_ON) != null;
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        if (endpoint.isHttpProxy() || !endpoint.isUseBodyHandler()) {
            throw new IllegalArgumentException("platform-http:" + endpoint.getPath()
                    + ": the proxy mode and useBodyHandler=false are not supported");
        }
        boolean stream = endpoint.isUseStreaming();
        // Our consumer makes the stream itself, from a body that was read within its limit.
        endpoint.setUseStreaming(false);
        endpoint.setHeaderFilterStrategy(new IngressHeaderFilterStrategy(options.filter()));
        return new AsyncHttpConsumer(endpoint, processor, List.of(), ROUTER, stream, options, pool, newest, places);
    }

    /** What answers over HTTP although no route does, such as Camel's own endpoints for upload; empty as it should be. */
    public List<String> undeclared() {
        return places.undeclared(getCamelContext());
    }

    /** Always 0: the port is the server's affair, and may be open only after the routes stand. */
    @Override
    public int getServerPort() {
        return 0;
    }

    /** Lets the routes' threads end. Stop the context first. */
    @Override
    public void close() {
        ServiceHelper.stopAndShutdownService(this);
        pool.close();
    }
}
