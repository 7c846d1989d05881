package dev.segno.api;

import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import dev.segno.security.BrowserHeaders;
import dev.segno.security.Cors;
import dev.segno.security.ErrorReply;
import dev.segno.security.ErrorShape;
import dev.segno.security.RequestId;
import dev.segno.security.RequestTarget;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to every request before and after the router: it is checked, counted, given its id and, when something
 * fails, answered in one shape. Safe for concurrent use.
 */
final class FrontDoor implements Handler<HttpServerRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

    /** What is to be run when a request has become a socket. */
    private static final String UPGRADED = "segno.upgraded";

    private final Router router;
    private final SlowClients slowClients;
    private final Cors cors;
    private final AtomicInteger open = new AtomicInteger();
    private final CompletableFuture<Void> empty = new CompletableFuture<>();
    private volatile boolean draining;

    FrontDoor(Router router, SlowClients slowClients, Cors cors) {
        this.router = router;
        this.slowClients = slowClients;
        this.cors = cors;
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (!slowClients.began(request)) {
            request.connection().close();
            return;
        }
        Optional<ApiError> fault = RequestTarget.fault(request);
        if (fault.isPresent()) {
            refuse(request, fault.get());
        } else if (draining) {
            refuse(request, new ApiError(503, "stopping", "The server is stopping"));
        } else {
            router.handle(request);
        }
    }

    /** Answers what the decoder could not read, and ends the connection: where the next request begins is not known. */
    void undecodable(HttpServerRequest request) {
        if (!slowClients.began(request)) {
            request.connection().close();
            return;
        }
        @Nullable Throwable cause = request.decoderResult().cause();
        int status = cause instanceof TooLongHttpLineException
                ? 414
                : cause instanceof TooLongHttpHeaderException ? 431 : 400;
        refuse(request, ApiError.ofStatus(status));
    }

    private void refuse(HttpServerRequest request, ApiError error) {
        slowClients.giveUp(request);
        request.response().putHeader("Connection", "close");
        ErrorReply.send(request, error, ErrorShape.API);
    }

    /** The first handler of the router. */
    void welcome(RoutingContext ctx) {
        RequestId.of(ctx.request());
        open.incrementAndGet();
        AtomicBoolean over = new AtomicBoolean();
        ctx.put(UPGRADED, (Runnable) () -> {
            slowClients.upgraded(ctx.request());
            left(over);
        });
        ctx.addEndHandler(ended -> {
            slowClients.answered(ctx.request());
            left(over);
        });
        ctx.addHeadersEndHandler(ending -> {
            BrowserHeaders.complete(ctx.response().headers());
            cors.complete(ctx);
        });
        AccessLog.follow(ctx);
        ctx.next();
    }

    private void left(AtomicBoolean over) {
        if (over.compareAndSet(false, true) && open.decrementAndGet() == 0 && draining) {
            empty.complete(null);
        }
    }

    /** Takes note that a request has become a socket: nobody waits for its end any more, and it may stay silent. */
    static void upgraded(RoutingContext ctx) {
        Runnable upgraded = ctx.get(UPGRADED);
        upgraded.run();
        AccessLog.upgraded(ctx);
    }

    /** Answers a request that a handler gave up on. */
    void failed(RoutingContext ctx) {
        @Nullable Throwable failure = ctx.failure();
        Optional<ApiError> known = ApiException.errorOf(failure);
        int status = ctx.statusCode();
        if (known.isPresent()) {
            ErrorReply.send(ctx, known.get());
        } else if (status >= 400 && status != 500) {
            ErrorReply.send(ctx, ApiError.ofStatus(status));
        } else {
            if (failure != null && !ctx.response().closed()) {
                LOG.error("request {} failed", RequestId.of(ctx.request()), failure);
            }
            ErrorReply.send(ctx, ApiError.ofStatus(500));
        }
    }

    /** Takes no more requests. Returns a future that ends when those that were taken are answered. */
    CompletableFuture<Void> drain() {
        draining = true;
        if (open.get() == 0) {
            empty.complete(null);
        }
        return empty;
    }
}
