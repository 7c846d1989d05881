package dev.segno.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Sends requests on a fixed number of connections, each as soon as the one before is answered (a closed loop). */
final class LoadClient implements AutoCloseable {

    private static final Buffer ORDER =
            Buffer.buffer("{\"order\":\"4711\",\"customer\":\"C-0815\",\"note\":\"" + "x".repeat(150) + "\"}");

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final int port;

    LoadClient(int port) {
        this.port = port;
    }

    /** What the answers came to. */
    record Result(long runs, double seconds, double p50Ms, double p99Ms) {
        double runsPerSecond() {
            return runs / seconds;
        }
    }

    /**
     * Posts orders to a path.
     *
     * @throws java.util.concurrent.CompletionException when one is not answered with 200
     */
    Result run(String path, int connections, Duration duration) {
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port),
                new PoolOptions().setHttp1MaxSize(connections));
        Loop loop = new Loop(client, path, connections, System.nanoTime() + duration.toNanos());
        long begin = System.nanoTime();
        vertx.runOnContext(ignored -> loop.begin());
        loop.ended.join();
        double seconds = (System.nanoTime() - begin) / 1e9;
        client.close().toCompletionStage().toCompletableFuture().join();
        return new Result(loop.runs, seconds, loop.latencies.percentileMs(50), loop.latencies.percentileMs(99));
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** The loops of all connections; confined to the one event loop until it has ended. */
    private static final class Loop {
        private final HttpClient client;
        private final RequestOptions request;
        private final long until;
        private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
        private final Latencies latencies = new Latencies();
        private final int connections;
        private int open;
        private long runs;

        Loop(HttpClient client, String path, int connections, long until) {
            this.client = client;
            this.request = new RequestOptions()
                    .setMethod(HttpMethod.POST)
                    .setURI(path)
                    .putHeader("content-type", "application/json");
            this.connections = connections;
            this.until = until;
        }

        void begin() {
            open = connections;
            for (int i = 0; i < connections; i++) {
                next();
            }
        }

        private void next() {
            long begun = System.nanoTime();
            if (begun >= until) {
                if (--open == 0) {
                    ended.complete(true);
                }
                return;
            }
            client.request(request)
                    .compose(opened -> opened.send(ORDER))
                    .compose(response -> response.statusCode() == 200 ? response.body() : refused(response))
                    .onSuccess(body -> answered(begun))
                    .onFailure(ended::completeExceptionally);
        }

        private static Future<Buffer> refused(HttpClientResponse response) {
            return response.body()
                    .compose(body -> Future.failedFuture(new IllegalStateException(
                            "A run did not complete: " + response.statusCode() + " " + body)));
        }

        private void answered(long begun) {
            latencies.add(System.nanoTime() - begun);
            runs++;
            next();
        }
    }
}
