package dev.segno.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Full cycles of the vehicle maintenance at the contract's volume: 2,000 flagged vehicles of 5,000 are booked in batches of 50,
 * confirmed, and their owners told by a short message each, with the services in a process of their own.
 *
 * <pre>{@code ./mvnw -q -Pbench package exec:exec -Dbench.main=dev.segno.bench.VehicleMaintenanceBench}</pre>
 */
@Command(name = "vehicle-maintenance-bench", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class VehicleMaintenanceBench implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Integer> SERVICES =
            Map.of("FORECASTING", 18130, "SCHEDULING", 18131, "FLEET", 18132, "SMS_WEBHOOK", 18135);

    private final HttpClient http = HttpClient.newHttpClient();

    @Option(names = "--vehicles", description = "Flagged vehicles; the fleet has 3,000 more.")
    private int vehicles = 2_000;

    @Option(names = "--cycles", description = "Cycles, one after another.")
    private int cycles = 3;

    @Option(names = "--port-offset", description = "Added to the ports of the sandbox.")
    private int portOffset = 2_000;

    @Option(names = "--directory", description = "Where the data goes.")
    private Path directory = Path.of("target/bench");

    @Option(names = "--log", description = "File for what Segno and the sandbox say (default: nowhere).")
    private @Nullable Path log;

    public static void main(String[] args) {
        System.exit(new CommandLine(new VehicleMaintenanceBench()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (BenchDirectory below = BenchDirectory.in(directory, "vehicle-maintenance")) {
            int port = BenchProcess.freePort();
            Map<String, String> variables = new HashMap<>(Map.of("SEGNO_JAVA_OPTS", "-Xmx256m"));
            SERVICES.forEach((name, at) -> variables.put(name + "_URL", "http://127.0.0.1:" + (at + portOffset)));
            try (BenchProcess sandbox = BenchProcess.segno(
                            List.of("sandbox", "--port-offset", String.valueOf(portOffset)),
                            service("SCHEDULING"),
                            Map.of(),
                            log);
                    BenchProcess segno = BenchProcess.segno(
                            List.of(
                                    "run",
                                    "routes/vehicle-maintenance",
                                    "--port",
                                    String.valueOf(port),
                                    "--data",
                                    below.path().resolve("data").toString()),
                            port,
                            variables,
                            log)) {
                sandbox.awaitAnswer();
                segno.awaitAnswer();
                for (int i = 0; i < cycles; i++) {
                    cycle(port);
                }
                System.out.printf("most memory held: %d MB%n", segno.mostResidentBytes() / (1024 * 1024));
            }
        }
        return 0;
    }

    private int service(String name) {
        return SERVICES.getOrDefault(name, 0) + portOffset;
    }

    private void cycle(int port) throws IOException, InterruptedException {
        send("DELETE", service("SCHEDULING"), "/_sandbox", "");
        send("DELETE", service("SMS_WEBHOOK"), "/_sandbox", "");
        send(
                "POST",
                service("FLEET"),
                "/_sandbox",
                "{\"vehicles\":" + (vehicles + 3_000) + ",\"flags\":" + vehicles + "}");
        Instant begin = Instant.now();
        String run = send("POST", port, "/api/orchestrate/full_cycle", "{\"auto_confirm\":true}")
                .path("run_id")
                .asText();
        JsonNode newest = newest(port);
        while (newest.path("endedAt").isNull()) {
            Thread.sleep(50);
            newest = newest(port);
        }
        double seconds =
                Duration.between(begin, Instant.parse(newest.path("endedAt").asText()))
                                .toNanos()
                        / 1e9;
        int confirmed = records("SCHEDULING").path("confirmed").asInt();
        int messages = records("SMS_WEBHOOK").path("messages").asInt();
        if (!newest.path("id").asText().equals(run) || confirmed != vehicles || messages != vehicles) {
            throw new IOException(confirmed + " confirmed and " + messages + " told, of " + vehicles + ": " + newest);
        }
        System.out.printf(
                Locale.ROOT,
                "%,d vehicles booked, confirmed and told in %.2f s, %.0f a second%n",
                vehicles,
                seconds,
                vehicles / seconds);
    }

    private JsonNode newest(int port) throws IOException, InterruptedException {
        return send("GET", port, "/api/runs?orchestration=maintenance-cycle&limit=1", "")
                .at("/runs/0");
    }

    private JsonNode records(String name) throws IOException, InterruptedException {
        return send("GET", service(name), "/_sandbox?path=/none", "").path("records");
    }

    private JsonNode send(String method, int port, String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Prefer", "respond-async")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        HttpResponse<String> reply = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (reply.statusCode() > 299) {
            throw new IOException(
                    method + " " + path + " was answered with " + reply.statusCode() + " " + reply.body());
        }
        return reply.body().isEmpty() ? JSON.missingNode() : JSON.readTree(reply.body());
    }
}
