package dev.segno.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Goal P8: runs that wait for a signal. Their heap is what Segno holds after a collection with all of them waiting, less what it
 * held before the first. Then the process is killed and started again, and each run gets an answer of its own: some one
 * after another, for the time from the signal to the call of the next step, the rest many at a time. Each run has to tell
 * the service its own number and the answer with that number, once.
 *
 * <pre>{@code ./mvnw -q -Pbench package exec:exec -Dbench.main=dev.segno.bench.WaitingBench}</pre>
 */
@Command(name = "waiting-bench", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class WaitingBench implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int AT_ONCE = 32;
    private static final int WARM_UP = 2_000;
    private static final Pattern USED = Pattern.compile("(?:def new generation|tenured generation)\\s.*used (\\d+)K");

    @Option(names = "--runs", description = "Runs that wait.")
    private int runs = 50_000;

    @Option(names = "--single", description = "Of these, answered one after another.")
    private int single = 3_000;

    @Mixin
    private BenchOptions options = new BenchOptions();

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger wrong = new AtomicInteger();
    private final AtomicInteger told = new AtomicInteger();

    public static void main(String[] args) {
        System.exit(new CommandLine(new WaitingBench()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        AtomicReferenceArray<String> ids = new AtomicReferenceArray<>(runs);
        AtomicLongArray arrivals = new AtomicLongArray(runs);
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try (BenchDirectory below = BenchDirectory.in(options.directory, "waiting")) {
            int stub = vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1"))
                    .requestHandler(request -> request.bodyHandler(body -> note(request, body, arrivals)))
                    .listen(0)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join()
                    .actualPort();
            int port = BenchProcess.freePort();
            try (BenchProcess segno = start(below.path(), port, stub)) {
                long before = heap(segno);
                each(
                        0,
                        runs,
                        number -> post(port, "/api/orchestrations/waiting/runs", number)
                                .thenAccept(reply ->
                                        ids.set(number, reply.path("id").asText())));
                while (!get(port, "/api/runs?state=RUNNING&limit=1")
                        .path("runs")
                        .isEmpty()) {
                    TimeUnit.MILLISECONDS.sleep(200);
                }
                long after = heap(segno);
                System.out.printf(
                        Locale.ROOT,
                        "%,d runs wait: heap %.1f MB before, %.1f MB with them: %.1f MB for all (goal: 50 MB)%n",
                        runs,
                        before / 1024.0,
                        after / 1024.0,
                        (after - before) / 1024.0);
                segno.kill();
            }
            try (BenchProcess again = start(below.path(), port, stub)) {
                answer(again.port(), ids, arrivals);
            }
        } finally {
            vertx.close();
        }
        return wrong.get() == 0 && told.get() == runs ? 0 : 1;
    }

    private void answer(int port, AtomicReferenceArray<String> ids, AtomicLongArray arrivals) throws Exception {
        each(0, WARM_UP, number -> signal(port, ids.get(number), number));
        Latencies latencies = new Latencies();
        for (int number = WARM_UP; number < WARM_UP + single; number++) {
            long begun = System.nanoTime();
            signal(port, ids.get(number), number).join();
            while (arrivals.get(number) == 0) {
                Thread.onSpinWait();
            }
            latencies.add(arrivals.get(number) - begun);
        }
        System.out.printf(
                Locale.ROOT,
                "signal to the call of the next step, one after another: p50 %.1f ms, p99 %.1f ms (goal: 20 ms)%n",
                latencies.percentileMs(50),
                latencies.percentileMs(99));
        long begun = System.nanoTime();
        each(WARM_UP + single, runs, number -> signal(port, ids.get(number), number));
        while (told.get() < runs && System.nanoTime() - begun < TimeUnit.MINUTES.toNanos(10)) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%,d answered %d at a time after kill -9 and a new start: %.0f a second; told %,d, wrong %d%n",
                runs - WARM_UP - single,
                AT_ONCE,
                (runs - WARM_UP - single) / seconds,
                told.get(),
                wrong.get());
    }

    private BenchProcess start(Path below, int port, int stub) throws IOException {
        BenchProcess segno = options.runWithStub(stub, below, port);
        segno.awaitAnswer();
        return segno;
    }

    private void note(HttpServerRequest request, Buffer body, AtomicLongArray arrivals) {
        long now = System.nanoTime();
        try {
            JsonNode told = JSON.readTree(body.getBytes());
            int own = told.path("own").asInt(-1);
            if (own < 0 || own != told.path("got").asInt(-2) || !arrivals.compareAndSet(own, 0, now)) {
                wrong.incrementAndGet();
            } else {
                this.told.incrementAndGet();
            }
        } catch (IOException e) {
            wrong.incrementAndGet();
        }
        request.response().putHeader("content-type", "application/json").end("{}");
    }

    /** What is done with a number. */
    private interface Task {
        CompletableFuture<?> begin(int number);
    }

    private static void each(int from, int to, Task task) throws InterruptedException, IOException {
        Semaphore open = new Semaphore(AT_ONCE);
        AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
        for (int number = from; number < to; number++) {
            open.acquire();
            task.begin(number).whenComplete((done, error) -> {
                if (error != null) {
                    failed.compareAndSet(null, error);
                }
                open.release();
            });
        }
        open.acquire(AT_ONCE);
        if (failed.get() != null) {
            throw new IOException("A request failed", failed.get());
        }
    }

    private CompletableFuture<JsonNode> signal(int port, String id, int number) {
        return post(port, "/api/runs/" + id + "/signals/answer", number);
    }

    private CompletableFuture<JsonNode> post(int port, String path, int number) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"number\":" + number + "}"))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(WaitingBench::read);
    }

    private JsonNode get(int port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return read(http.send(request, HttpResponse.BodyHandlers.ofString()));
    }

    private static JsonNode read(HttpResponse<String> reply) {
        if (reply.statusCode() >= 300) {
            throw new IllegalStateException(
                    reply.uri() + " was answered with " + reply.statusCode() + " " + reply.body());
        }
        try {
            return JSON.readTree(reply.body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is on the heap after a collection, in KiB. */
    private static long heap(BenchProcess process) throws IOException, InterruptedException {
        jcmd(process, "GC.run");
        jcmd(process, "GC.run");
        Matcher used = USED.matcher(jcmd(process, "GC.heap_info"));
        long sum = 0;
        while (used.find()) {
            sum += Long.parseLong(used.group(1));
        }
        return sum;
    }

    private static String jcmd(BenchProcess process, String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(process.pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IOException("jcmd: " + output);
        }
        return output;
    }
}
