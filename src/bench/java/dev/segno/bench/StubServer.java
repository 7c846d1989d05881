package dev.segno.bench;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;

/**
 * The service that the benchmark's steps call: reads the whole request and answers about 200 bytes of JSON at once. A
 * process of its own, so that its work is not counted as Segno's. Argument: its port on 127.0.0.1.
 */
public final class StubServer extends AbstractVerticle {

    private static final Buffer ANSWER = Buffer.buffer(
            "{\"status\":\"done\",\"reference\":\"01JD0000000000000000000000\",\"note\":\"" + "x".repeat(130) + "\"}");

    private final int port;

    private StubServer(int port) {
        this.port = port;
    }

    public static void main(String[] args) {
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1))
                .deployVerticle(new StubServer(Integer.parseInt(args[0])))
                .onFailure(failure -> {
                    System.err.println("The stub cannot be started: " + failure);
                    System.exit(1);
                });
    }

    @Override
    public void start(Promise<Void> started) {
        vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(port))
                .requestHandler(request -> request.endHandler(read -> request.response()
                        .putHeader("content-type", "application/json")
                        .end(ANSWER)))
                .listen()
                .<Void>mapEmpty()
                .onComplete(started);
    }
}
