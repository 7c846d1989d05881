package dev.segno.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    private static final String KEY = "bench";
    private static final Pattern COLLECTION = Pattern.compile("(\\d+)M->(\\d+)M\\((\\d+)M\\)");
    private static final int FETCHER = 18101;
    private static final int MAINTAINER = 18102;

    private final JsonCalls calls = new JsonCalls("X-ADMIN-KEY", KEY);

    @Option(names = "--chunk-delay", description = "Milliseconds that the maintainer takes for a chunk.")
    private int chunkDelay = 2_000;

    @Option(names = "--syncs", description = "Syncs, one after another.")
    private int syncs = 3;

    @Option(names = "--port-offset", description = "Added to the ports of the sandbox.")
    private int portOffset = 2_000;

    @Mixin
    private BenchOptions options = new BenchOptions();

    public static void main(String[] args) {
        System.exit(new CommandLine(new ProductSyncBench()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (BenchDirectory below = BenchDirectory.in(options.directory, "product-sync")) {
            Path collections = below.path().resolve("gc.log");
            int port = BenchProcess.freePort();
            Map<String, String> settings = Map.of(
                    "ADMIN_KEY", KEY,
                    "FETCHER_URL", "http://127.0.0.1:" + (FETCHER + portOffset),
                    "MAINTAINER_URL", "http://127.0.0.1:" + (MAINTAINER + portOffset),
                    "SEGNO_JAVA_OPTS", "-Xmx256m -Xlog:gc:file=" + collections);
            try (BenchProcess sandbox = options.sandbox(portOffset, MAINTAINER + portOffset, Map.of("ADMIN_KEY", KEY));
                    BenchProcess segno = options.run("routes/product-sync", below.path(), port, settings)) {
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
        calls.send("DELETE", FETCHER + portOffset, "/_sandbox", "");
        calls.send("DELETE", MAINTAINER + portOffset, "/_sandbox", "");
        calls.send("POST", MAINTAINER + portOffset, "/_sandbox", "{\"chunkDelayMs\":" + chunkDelay + "}");
        Instant begin = Instant.now();
        JsonNode status = calls.send("POST", port, "/sync", "");
        while (status.path("endTime").isMissingNode() || status.path("endTime").isNull()) {
            Thread.sleep(200);
            status = calls.send("GET", port, "/status", "");
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
        for (JsonNode call : calls.send("GET", port, "/_sandbox?path=/run", "").path("calls")) {
            sum = sum.plus(Duration.between(
                    Instant.parse(call.path("start").asText()),
                    Instant.parse(call.path("end").asText())));
        }
        return sum;
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
