package dev.segno.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Answers a request with an error, in the shape that its path has. Call it on the request's Vert.x context. A response
 * that has already begun is cut off instead: the caller must not take half an answer for a whole one.
 */
public final class ErrorReply {

    private static final String SHAPE = "segno.error-shape";
    private static final long MAX_SWALLOWED = 16L << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ErrorReply() {}

    /** From here on, errors of this request have the given shape. */
    public static void useShape(RoutingContext ctx, ErrorShape shape) {
        ctx.put(SHAPE, shape);
    }

    /** Sends an error in the shape that was chosen for the request, else in the API's. */
    public static void send(RoutingContext ctx, ApiError error) {
        @Nullable ErrorShape shape = ctx.get(SHAPE);
        send(ctx.request(), error, shape == null ? ErrorShape.API : shape);
    }

    /** Sends an error in a shape, for requests that never reach a router. */
    public static void send(HttpServerRequest request, ApiError error, ErrorShape shape) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            request.connection().close();
            return;
        }
        String id = RequestId.of(request);
        response.setStatusCode(error.status());
        response.putHeader("Content-Type", "application/json");
        response.putHeader("Cache-Control", "no-store");
        BrowserHeaders.complete(response.headers());
        if (error.status() == 401) {
            response.putHeader("WWW-Authenticate", "Bearer realm=\"segno\"");
        }
        if ((error.status() == 503 || error.status() == 429)
                && !response.headers().contains("Retry-After")) {
            response.putHeader("Retry-After", "1");
        }
        if (!request.isEnded()) {
            // What is left of the body will not be read, so nothing after it can be told from it.
            response.putHeader("Connection", "close");
        }
        boolean last = "close".equals(response.headers().get("Connection"));
        if (last && request.decoderResult().isSuccess()) {
            swallowRest(request);
        }
        Future<Void> written = response.end(Buffer.buffer(bytes(shape, error, id)));
        if (last) {
            Future<?> over = request.decoderResult().isSuccess() ? Future.join(written, request.end()) : written;
            over.onComplete(done -> request.connection().close());
        }
    }

    /**
     * Reads on for a while without keeping anything. A client that is still sending does not look for the answer, and if
     * the connection ended under it, it would never see it.
     */
    private static void swallowRest(HttpServerRequest request) {
        if (!request.isEnded()) {
            AtomicLong left = new AtomicLong(MAX_SWALLOWED);
            request.handler(piece -> {
                if (left.addAndGet(-piece.length()) < 0) {
                    request.connection().close();
                }
            });
            request.resume();
        }
    }

    private static ApiError redacted(ApiError error) {
        return new ApiError(error.status(), error.code(), Redaction.of(error.message()), error.details());
    }

    private static byte[] bytes(ErrorShape shape, ApiError error, String id) {
        try {
            return JSON.writeValueAsBytes(shape.body(redacted(error), id));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree must be writable", e);
        }
    }
}
