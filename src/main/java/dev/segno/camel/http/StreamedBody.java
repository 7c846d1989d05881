package dev.segno.camel.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a stream as a response, a piece at a time: read on the pool, written on the event loop, and not read further
 * until the client has taken what was written. A client that takes nothing for the patience given is cut off. Confined
 * to one piece at a time; the pool and the event loop hand it to each other.
 */
final class StreamedBody {

    private static final int PIECE = 64 * 1024;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final InputStream stream;
    private final Context context;
    private final Executor pool;
    private final Duration patience;
    private final Consumer<@Nullable Throwable> done;
    private boolean ending;
    private boolean finished;

    /**
     * @param done called once on the event loop, with what went wrong or null
     */
    StreamedBody(
            HttpServerRequest request,
            InputStream stream,
            Context context,
            Executor pool,
            Duration patience,
            Consumer<@Nullable Throwable> done) {
        this.request = request;
        this.response = request.response();
        this.stream = stream;
        this.context = context;
        this.pool = pool;
        this.patience = patience;
        this.done = done;
    }

    /** Begins to write. Call it on the event loop, with status and headers set. */
    void start() {
        if (!response.headers().contains("Content-Length")) {
            response.setChunked(true);
        }
        next();
    }

    /** The response has ended, or its connection has. Call it on the event loop. */
    void ended() {
        if (!ending) {
            finish(new IOException("the client hung up"));
        }
    }

    private void next() {
        try {
            pool.execute(this::readPiece);
        } catch (RejectedExecutionException e) {
            cutOff(e);
        }
    }

    private void readPiece() {
        try {
            byte[] piece = stream.readNBytes(PIECE);
            context.runOnContext(ignored -> write(piece));
        } catch (IOException | RuntimeException e) {
            context.runOnContext(ignored -> cutOff(e));
        }
    }

    private void write(byte[] piece) {
        if (finished) {
            return;
        }
        if (piece.length == 0) {
            ending = true;
            response.end().onComplete(end -> finish(end.cause()));
            return;
        }
        response.write(Buffer.buffer(piece)).onFailure(this::finish);
        if (!response.writeQueueFull()) {
            next();
            return;
        }
        long timer = context.owner().setTimer(patience.toMillis(), ignored -> {
            finish(new IOException("the client takes nothing"));
            AbortedConnection.of(request);
        });
        response.drainHandler(drained -> {
            if (context.owner().cancelTimer(timer)) {
                next();
            }
        });
    }

    /** Ends the connection: the length was promised or chunks have begun, so the client can see that it broke off. */
    private void cutOff(Throwable cause) {
        if (!finished) {
            finish(cause);
            response.reset();
        }
    }

    private void finish(@Nullable Throwable cause) {
        if (finished) {
            return;
        }
        finished = true;
        try {
            pool.execute(this::close);
        } catch (RejectedExecutionException e) {
            close();
        }
        done.accept(cause);
    }

    private void close() {
        try {
            stream.close();
        } catch (IOException e) {
            // Nothing was written to it, so there is nothing to lose.
        }
    }
}
