package dev.segno.camel.http;

import dev.segno.security.ApiError;
import dev.segno.security.ErrorReply;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's body into memory, up to a limit in bytes that an earlier handler may have set for the operation.
 * Reading twice does nothing. Multipart forms are refused: nothing here writes uploads to the disk. Safe for concurrent
 * use.
 */
public final class BodyReader implements Handler<RoutingContext> {

    private static final String LIMIT = "segno.max-body";

    private final long defaultLimit;
    private final Map<Long, BodyHandler> readers = new ConcurrentHashMap<>();

    /**
     * @param defaultLimit bytes, where no operation says otherwise
     */
    public BodyReader(long defaultLimit) {
        this.defaultLimit = defaultLimit;
    }

    /** Sets the limit for this request, in bytes. */
    public static void limit(RoutingContext ctx, long bytes) {
        ctx.put(LIMIT, bytes);
    }

    @Override
    public void handle(RoutingContext ctx) {
        @Nullable String type = ctx.request().getHeader("Content-Type");
        if (type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
            ErrorReply.send(
                    ctx,
                    new ApiError(
                            415,
                            "unsupported-media-type",
                            "Multipart forms are not taken, send the content as the body"));
            return;
        }
        @Nullable Long limit = ctx.get(LIMIT);
        readers.computeIfAbsent(
                        limit == null ? defaultLimit : limit,
                        bytes -> BodyHandler.create(false).setBodyLimit(bytes))
                .handle(ctx);
    }
}
