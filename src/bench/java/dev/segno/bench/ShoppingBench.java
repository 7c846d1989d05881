package dev.segno.bench;

import dev.segno.sandbox.Sandbox;
import dev.segno.sandbox.SandboxSettings;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The shopping assistant with many sockets: all are opened and stay open, then some say something at the same moment, each
 * in a session of its own. Taken are the time to connect, to the first event behind a message, and to the end of the
 * turn, and what the open sockets cost in memory.
 *
 * <pre>{@code ./mvnw -q -Pbench package exec:exec -Dbench.main=dev.segno.bench.ShoppingBench}</pre>
 */
@Command(name = "shopping-bench", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class ShoppingBench implements Callable<Integer> {

    private static final String MESSAGE = "{\"type\":\"message\",\"message\":\"laptop under $1000 from Dell\"}";
    private static final long PATIENCE_SECONDS = 120;

    @Option(names = "--sockets", description = "Sockets that stay open.")
    private int sockets = 1_000;

    @Option(names = "--turns", description = "Of these, say something at once.")
    private int turns = 100;

    @Option(names = "--rounds", description = "How often; the first round is warm-up.")
    private int rounds = 5;

    @Mixin
    private BenchOptions options = new BenchOptions();

    public static void main(String[] args) {
        System.exit(new CommandLine(new ShoppingBench()).execute(args));
    }

    /** What one socket waits for. */
    private static final class Turn {
        private final long begun = System.nanoTime();
        private volatile long first;
        private volatile long done;
    }

    private final Map<Integer, Turn> underWay = new ConcurrentHashMap<>();
    private volatile CountDownLatch open = new CountDownLatch(0);
    private volatile String failure = "none told";

    @Override
    public Integer call() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (BenchDirectory below = BenchDirectory.in(options.directory, "shopping");
                Sandbox sandbox = Sandbox.start(new SandboxSettings(Map.of("catalog-service", 0, "effects", 0), "k"))) {
            int port = BenchProcess.freePort();
            calmCatalog(sandbox);
            Map<String, String> settings = Map.of(
                    "CATALOG_SERVICE_URL", sandbox.uri("catalog-service").toString(),
                    "RATE_LIMIT_PER_USER", "0",
                    "SEGNO_ACCESS_LOG_LEVEL", "warn");
            try (BenchProcess segno = options.run("routes/shopping-assistant", below.path(), port, settings)) {
                segno.awaitAnswer("/health", "HTTP/1.1 200");
                long before = segno.residentBytes();
                Latencies connects = new Latencies();
                List<WebSocket> all = connect(vertx, port, connects);
                System.out.printf(
                        Locale.ROOT,
                        "%d sockets open: connect p50 %.1f ms, p99 %.1f ms; %.1f MB more resident%n",
                        all.size(),
                        connects.percentileMs(50),
                        connects.percentileMs(99),
                        (segno.residentBytes() - before) / 1e6);
                for (int round = 0; round < rounds; round++) {
                    talk(all, round == 0 ? "warm-up" : "round " + round);
                }
                long closed = all.stream().filter(WebSocket::isClosed).count();
                if (closed > 0) {
                    throw new IllegalStateException(closed + " of " + all.size() + " sockets were closed");
                }
                return 0;
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static void calmCatalog(Sandbox sandbox) throws Exception {
        java.net.http.HttpClient.newHttpClient()
                .send(
                        java.net.http.HttpRequest.newBuilder(
                                        sandbox.uri("catalog-service").resolve("/_sandbox"))
                                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{\"leastMs\":0,\"mostMs\":0}"))
                                .build(),
                        java.net.http.HttpResponse.BodyHandlers.discarding());
    }

    private List<WebSocket> connect(Vertx vertx, int port, Latencies connects) throws Exception {
        WebSocketClient client =
                vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(sockets + 1));
        List<WebSocket> all = new ArrayList<>();
        for (int i = 0; i < sockets; i++) {
            int number = i;
            long began = System.nanoTime();
            WebSocket socket = client.connect(port, "127.0.0.1", "/ws/chat?user_id=u" + i)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            connects.add(System.nanoTime() - began);
            socket.textMessageHandler(text -> heard(number, text));
            all.add(socket);
        }
        return all;
    }

    private void heard(int number, String text) {
        Turn turn = underWay.get(number);
        if (turn == null) {
            return;
        }
        if (turn.first == 0 && text.startsWith("{\"type\":\"thinking\"")) {
            turn.first = System.nanoTime();
        }
        if (turn.done == 0 && text.startsWith("{\"type\":\"done\"")) {
            turn.done = System.nanoTime();
            open.countDown();
        } else if (text.startsWith("{\"type\":\"error\"")) {
            failure = text;
        }
    }

    private void talk(List<WebSocket> all, String name) throws InterruptedException {
        open = new CountDownLatch(turns);
        underWay.clear();
        for (int i = 0; i < turns; i++) {
            underWay.put(i, new Turn());
            all.get(i).writeTextMessage(MESSAGE);
        }
        if (!open.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(open.getCount() + " turns did not come to their end; error: " + failure);
        }
        Latencies first = new Latencies();
        Latencies whole = new Latencies();
        underWay.values().stream().filter(turn -> turn.done != 0).forEach(turn -> {
            first.add(turn.first - turn.begun);
            whole.add(turn.done - turn.begun);
        });
        System.out.printf(
                Locale.ROOT,
                "%s: %d turns at once: first event p50 %.1f ms, p99 %.1f ms; done p50 %.1f ms, p99 %.1f ms%n",
                name,
                turns,
                first.percentileMs(50),
                first.percentileMs(99),
                whole.percentileMs(50),
                whole.percentileMs(99));
    }
}
