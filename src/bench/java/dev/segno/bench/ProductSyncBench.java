package dev.segno.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Goal P10: a sync of 300,000 products in 15 chunks, with peers that take their time in a process of their own. Segno's
 * own share is what is left of the run's time, from the request to the recorded end, without the time that the peers'
 * call logs show; its heap is limited to 256 MB.
 *
 * <pre>{@code ./mvnw -q -Pbench package exec:exec -Dbench.main=dev.segno.bench.ProductSyncBench}</pre>
 */
@Command(name = "product-sync-bench", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class ProductSyncBench implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "bench";
    private static final Pattern COLLECTION = Pattern.compile("(\\d+)M->(\\d+)M\\((\\d+)M\\)");
    private static final int FETCHER = 18101;
    private static final int MAINTAINER = 18102;

    private final HttpClient http = HttpClient.newHttpClient();

    @Option(names = "--chunk-delay", description = "Milliseconds that the maintainer takes for a chunk.")
    private int chunkDelay = 2_000;

    @Option(names = "--syncs", description = "Syncs, one after another.")
    private int syncs = 3;

    @Option(names = "--port-offset", description = "Added to the ports of the sandbox.")
    private int portOffset = 2_000;

    @Option(names = "--directory", description = "Where the data goes.")
    private Path directory = Path.of("target/bench");

    @Option(names = "--log", description = "File for what Segno and the sandbox say (default: nowhere).")
    private @Nullable Path log;

    public static void main(String[] args) {
        System.exit(new CommandLine(new ProductSyncBench()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (BenchDirectory below = BenchDirectory.in(directory, "product-sync")) {
            Path collections = below.path().resolve("gc.log");
            int port = BenchProcess.freePort();
            try (BenchProcess sandbox = BenchProcess.segno(
                            List.of("sandbox", "--port-offset", String.valueOf(portOffset)),
                            MAINTAINER + portOffset,
                            Map.of("ADMIN_KEY", KEY),
                            log);
                    BenchProcess segno = BenchProcess.segno(
                            List.of(
                                    "run",
                                    "routes/product-sync",
                                    "--port",
                                    String.valueOf(port),
                                    "--data",
                                    below.path().resolve("data").toString()),
                            port,
                            Map.of(
                                    "ADMIN_KEY", KEY,
                                    "FETCHER_URL", "http://127.0.0.1:" + (FETCHER + portOffset),
                                    "MAINTAINER_URL", "http://127.0.0.1:" + (MAINTAINER + portOffset),
                                    "SEGNO_JAVA_OPTS", "-Xmx256m -Xlog:gc:file=" + collections),
                            log)) {
                sandbox.awaitAnswer();
                segno.awaitAnswer();
                for (int i = 0; i < syncs; i++) {
                    sync(port);
                }
                System.out.println(heap(collections));
                System.out.printf("most memory held: %d MB%n", segno.mostResidentBytes() / (1024 * 1024));
            }
        }
        return 0;
    }

    private void sync(int port) throws IOException, InterruptedException {
        send("DELETE", FETCHER + portOffset, "/_sandbox", "");
        send("DELETE", MAINTAINER + portOffset, "/_sandbox", "");
        send("POST", MAINTAINER + portOffset, "/_sandbox", "{\"chunkDelayMs\":" + chunkDelay + "}");
        Instant begin = Instant.now();
        JsonNode status = send("POST", port, "/sync", "");
        while (status.path("endTime").isMissingNode() || status.path("endTime").isNull()) {
            Thread.sleep(200);
            status = send("GET", port, "/status", "");
        }
        Instant end = Instant.parse(status.path("endTime").asText());
        if (!status.path("currentPhase").asText().equals("completed")) {
            throw new IOException("The sync did not complete: " + status);
        }
        Duration total = Duration.between(begin, end);
        Duration peers = peers(FETCHER + portOffset).plus(peers(MAINTAINER + portOffset));
        double own = total.minus(peers).toNanos() / 1e6;
        System.out.printf(
                Locale.ROOT,
                "%,d records in %d chunks: %.3f s, of which the peers %.3f s; own %.0f ms = %.2f %%%n",
                status.path("progress").path("totalRecords").asInt(),
                status.path("progress").path("chunksProcessed").asInt(),
                total.toNanos() / 1e9,
                peers.toNanos() / 1e9,
                own,
                own / (total.toNanos() / 1e6) * 100);
    }

    /** The time that a stand-in spent on calls, from its own log. */
    private Duration peers(int port) throws IOException, InterruptedException {
        Duration sum = Duration.ZERO;
        for (JsonNode call : send("GET", port, "/_sandbox?path=/run", "").path("calls")) {
            sum = sum.plus(Duration.between(
                    Instant.parse(call.path("start").asText()),
                    Instant.parse(call.path("end").asText())));
        }
        return sum;
    }

    private JsonNode send(String method, int port, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> reply = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("X-ADMIN-KEY", KEY)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (reply.statusCode() != 200) {
            throw new IOException(
                    method + " " + path + " was answered with " + reply.statusCode() + " " + reply.body());
        }
        return reply.body().isEmpty() ? JSON.missingNode() : JSON.readTree(reply.body());
    }

    private static String heap(Path collections) throws IOException {
        int before = 0;
        int after = 0;
        for (String line : Files.readAllLines(collections)) {
            Matcher matcher = COLLECTION.matcher(line);
            if (matcher.find()) {
                before = Math.max(before, Integer.parseInt(matcher.group(1)));
                after = Math.max(after, Integer.parseInt(matcher.group(2)));
            }
        }
        return "heap: at most " + before + " MB before a collection and " + after + " MB after one, with -Xmx256m";
    }
}
