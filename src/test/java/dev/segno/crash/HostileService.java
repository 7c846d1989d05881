package dev.segno.crash;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that takes every call and gives no useful answer, each kind in its own way. Thread-safe. */
final class HostileService implements AutoCloseable {

    /** What it does with its callers. */
    enum Kind {
        /** Says nothing. */
        HANGING,
        /** Answers a byte each second. */
        DRIPPING,
        /** Answers, and never comes to the end. */
        ENDLESS,
        /** Answers with 10 MB of headers. */
        BLOATED
    }

    private static final int BLOATED_BYTES = 10 << 20;

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(1)
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    private final AtomicInteger calls = new AtomicInteger();
    private final NetServer server;

    HostileService(Kind kind) {
        server = vertx.createNetServer()
                .connectHandler(socket -> socket.handler(request -> {
                    calls.incrementAndGet();
                    annoy(kind, socket);
                }))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    int calls() {
        return calls.get();
    }

    private void annoy(Kind kind, NetSocket socket) {
        socket.exceptionHandler(failure -> {});
        switch (kind) {
            case HANGING -> {}
            case DRIPPING -> {
                socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
                long timer = vertx.setPeriodic(1_000, id -> socket.write("x"));
                socket.closeHandler(closed -> vertx.cancelTimer(timer));
            }
            case ENDLESS -> socket.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"a\":1}");
            case BLOATED -> socket.write(Buffer.buffer("HTTP/1.1 200 OK\r\nX-Pad: " + "x".repeat(BLOATED_BYTES)));
        }
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
