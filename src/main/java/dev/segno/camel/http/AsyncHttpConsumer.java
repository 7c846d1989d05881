package dev.segno.camel.http;

import dev.segno.run.RunConflict;
import dev.segno.run.UnknownOrchestration;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import dev.segno.security.ErrorReply;
import dev.segno.security.RequestId;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ExchangeTimedOutException;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumerAware;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests for one route.
 *
 * <p>The route starts on the pool, because its code may block; from there on it goes where its asynchronous processors
 * take it, and no thread waits for it. The answer is made on the thread that finished the exchange and written on the
 * request's event loop. A client that hangs up changes nothing for the exchange. From its arrival until its answer is
 * written, a request counts as in flight for its route, so that a graceful stop waits for it; a suspended consumer hands
 * new requests on to the next route of the same path, the newer version of itself, if there is one.
 */
final class AsyncHttpConsumer extends VertxPlatformHttpConsumer implements Visited {

    /** Set on a request that a suspended consumer passed on: nobody else taking it means 503, not 404. */
    static final String PASSED_ON = "segno.suspended";

    private static final Logger LOG = LoggerFactory.getLogger(AsyncHttpConsumer.class);

    private final InboundMessage inbound;
    private final AsyncHttpEngine.Options options;
    private final RequestPool pool;
    private final Map<String, AsyncHttpConsumer> newest;
    private final RouterPlaces places;
    private final AtomicInteger visits = new AtomicInteger();
    private volatile @Nullable String inflightId;

    AsyncHttpConsumer(
            PlatformHttpEndpoint endpoint,
            Processor processor,
            List<Handler<RoutingContext>> handlers,
            String routerName,
            boolean stream,
            AsyncHttpEngine.Options options,
            RequestPool pool,
            Map<String, AsyncHttpConsumer> newest,
            RouterPlaces places) {
        super(endpoint, processor, handlers, routerName);
        this.inbound = new InboundMessage(options.filter(), stream);
        this.options = options;
        this.pool = pool;
        this.newest = newest;
        this.places = places;
    }

    @Override
    protected void handleRequest(RoutingContext ctx) {
        if (standsAside()) {
            passOn(ctx);
            return;
        }
        if (!options.check().admits(ctx, getEndpoint().getPath())) {
            ErrorReply.send(ctx, ApiError.unauthorized());
            return;
        }
        Visit visit = new Visit(ctx, ctx.vertx().getOrCreateContext(), createExchange(false), inflightId());
        visit.arrive();
        if (standsAside()) {
            // Between the look above and the count: the route may have been found idle.
            visit.turnBack();
            passOn(ctx);
            return;
        }
        try {
            pool.execute(visit::begin);
        } catch (RejectedExecutionException e) {
            visit.refuse(new ApiError(503, "busy", "The server has as much to do as it can, try again"));
        }
    }

    /** A consumer that is being stopped is no longer suspended, and the router may still know it for a moment. */
    private boolean standsAside() {
        return isSuspendingOrSuspended() || isStoppingOrStopped();
    }

    @Override
    public int visits() {
        return visits.get();
    }

    /**
     * To the consumer that stands here now. The router knows it too, but a request that was on its way when that came
     * looks at the routes of before.
     */
    private void passOn(RoutingContext ctx) {
        AsyncHttpConsumer successor = newest.get(address());
        if (successor != null && successor != this && !successor.standsAside()) {
            successor.handleRequest(ctx);
        } else {
            ctx.put(PASSED_ON, true);
            ctx.next();
        }
    }

    /** What requests it takes: two of one address take the same. */
    private String address() {
        PlatformHttpEndpoint endpoint = getEndpoint();
        return String.join(
                " ",
                endpoint.getPath(),
                String.valueOf(endpoint.isMatchOnUriPrefix()),
                String.valueOf(endpoint.getHttpMethodRestrict()),
                String.valueOf(endpoint.getConsumes()),
                String.valueOf(endpoint.getProduces()));
    }

    @Override
    protected void doStart() throws Exception {
        places.started(this, super::doStart);
        newest.put(address(), this);
    }

    @Override
    protected void doStop() throws Exception {
        newest.remove(address(), this);
        places.stopped(this);
        super.doStop();
    }

    /** Whether a route begins here, and not something that was put here otherwise. */
    boolean belongsToRoute() {
        return inflightId() != null;
    }

    /** The id under which the route's exchanges are counted, or null when this consumer is no route's own. */
    private @Nullable String inflightId() {
        @Nullable String known = inflightId;
        if (known == null) {
            for (Route route : getEndpoint().getCamelContext().getRoutes()) {
                if (route.getConsumer() instanceof PlatformHttpConsumerAware aware
                        && aware.getPlatformHttpConsumer() == this) {
                    known = route.getRouteId();
                    inflightId = known;
                }
            }
        }
        return known;
    }

    /** One request on its way through the route. */
    private final class Visit {

        private final RoutingContext ctx;
        private final Context eventLoop;
        private final Exchange exchange;
        private final @Nullable String countedAs;
        private Map<String, Object> cameIn = Map.of();

        Visit(RoutingContext ctx, Context eventLoop, Exchange exchange, @Nullable String countedAs) {
            this.ctx = ctx;
            this.eventLoop = eventLoop;
            this.exchange = exchange;
            this.countedAs = countedAs;
        }

        void arrive() {
            exchange.setPattern(ExchangePattern.InOut);
            visits.incrementAndGet();
            if (countedAs != null) {
                getEndpoint().getCamelContext().getInflightRepository().add(exchange, countedAs);
            }
        }

        void turnBack() {
            releaseExchange(exchange, false);
            leave();
        }

        void begin() {
            try {
                inbound.fill(ctx, exchange.getIn());
                cameIn = new HashMap<>(exchange.getIn().getHeaders());
                createUoW(exchange);
                getAsyncProcessor().process(exchange, doneSync -> finish());
            } catch (Exception | LinkageError | StackOverflowError e) {
                // Whatever is wrong with the code below, a request is answered.
                exchange.setException(e);
                finish();
            }
        }

        void finish() {
            @Nullable Exception failure = exchange.getException();
            if (failure != null) {
                refuse(errorFor(failure));
                return;
            }
            @Nullable ApiError refused = exchange.getProperty(RefusedRequest.PROPERTY, ApiError.class);
            if (refused != null) {
                refuse(refused);
                return;
            }
            OutboundReply reply;
            try {
                reply = OutboundReply.of(exchange, cameIn, options.filter());
            } catch (Exception e) {
                exchange.setException(e);
                refuse(errorFor(e));
                return;
            }
            if (reply.stream() == null) {
                // Completions of the route may block, so they run here and not on the event loop.
                release();
            }
            eventLoop.runOnContext(ignored -> write(reply));
        }

        void refuse(ApiError error) {
            release();
            eventLoop.runOnContext(ignored -> {
                ErrorReply.send(ctx, error);
                leave();
            });
        }

        private void write(OutboundReply reply) {
            HttpServerResponse response = ctx.response();
            @Nullable InputStream stream = reply.stream();
            if (response.ended() || response.closed()) {
                if (stream == null) {
                    leave();
                } else {
                    streamed(new IOException("the client hung up"));
                }
                return;
            }
            response.setStatusCode(reply.status());
            reply.headers().forEach(response::putHeader);
            if (stream != null) {
                StreamedBody body = new StreamedBody(
                        ctx.request(), stream, eventLoop, pool::execute, options.patience(), this::streamed);
                ctx.addEndHandler(ended -> body.ended());
                body.start();
            } else if (reply.content() != null) {
                response.end(reply.content()).onComplete(written -> leave());
            } else {
                response.end().onComplete(written -> leave());
            }
        }

        private void streamed(@Nullable Throwable failure) {
            if (failure != null) {
                LOG.debug("request {} was not answered in full: {}", RequestId.of(ctx.request()), failure.toString());
            }
            try {
                pool.execute(this::release);
            } catch (RejectedExecutionException e) {
                release();
            }
            leave();
        }

        /** Ends the exchange. What it holds on to, such as spooled streams, is gone after this. */
        private void release() {
            doneUoW(exchange);
            releaseExchange(exchange, false);
        }

        /** Ends the request. */
        private void leave() {
            visits.decrementAndGet();
            if (countedAs != null) {
                getEndpoint().getCamelContext().getInflightRepository().remove(exchange, countedAs);
            }
        }

        private ApiError errorFor(Throwable failure) {
            if (ApiException.errorOf(failure).isPresent()) {
                return ApiException.errorOf(failure).get();
            }
            String id = RequestId.of(ctx.request());
            if (failure instanceof UnknownOrchestration) {
                return new ApiError(404, "not-found", String.valueOf(failure.getMessage()));
            }
            if (failure instanceof RunConflict) {
                return new ApiError(409, "conflict", String.valueOf(failure.getMessage()));
            }
            if (failure instanceof RejectedExecutionException) {
                LOG.info("request {} came while its route was stopping", id);
                return ApiError.ofStatus(503);
            }
            LOG.error("request {} failed in route {}", id, countedAs, failure);
            return failure instanceof ExchangeTimedOutException || failure instanceof TimeoutException
                    ? ApiError.ofStatus(504)
                    : ApiError.ofStatus(500);
        }
    }
}
