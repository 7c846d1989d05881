package dev.segno.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Full cycles of the vehicle maintenance at the contract's volume: 2,000 flagged vehicles of 5,000 are booked in batches of 50,
 * confirmed, and their owners told by a short message each, with the services in a process of their own.
 *
 * <pre>{@code ./mvnw -q -Pbench package exec:exec -Dbench.main=dev.segno.bench.VehicleMaintenanceBench}</pre>
 */
@Command(name = "vehicle-maintenance-bench", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class VehicleMaintenanceBench implements Callable<Integer> {

    private static final Map<String, Integer> SERVICES =
            Map.of("FORECASTING", 18130, "SCHEDULING", 18131, "FLEET", 18132, "SMS_WEBHOOK", 18135);

    private final JsonCalls calls = new JsonCalls("Prefer", "respond-async");

    @Option(names = "--vehicles", description = "Flagged vehicles; the fleet has 3,000 more.")
    private int vehicles = 2_000;

    @Option(names = "--cycles", description = "Cycles, one after another.")
    private int cycles = 3;

    @Option(names = "--port-offset", description = "Added to the ports of the sandbox.")
    private int portOffset = 2_000;

    @Mixin
    private BenchOptions options = new BenchOptions();

    public static void main(String[] args) {
        System.exit(new CommandLine(new VehicleMaintenanceBench()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (BenchDirectory below = BenchDirectory.in(options.directory, "vehicle-maintenance")) {
            int port = BenchProcess.freePort();
            Map<String, String> variables = new HashMap<>(Map.of("SEGNO_JAVA_OPTS", "-Xmx256m"));
            SERVICES.forEach((name, at) -> variables.put(name + "_URL", "http://127.0.0.1:" + (at + portOffset)));
            try (BenchProcess sandbox = options.sandbox(portOffset, service("SCHEDULING"), Map.of());
                    BenchProcess segno = options.run("routes/vehicle-maintenance", below.path(), port, variables)) {
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
        calls.send("DELETE", service("SCHEDULING"), "/_sandbox", "");
        calls.send("DELETE", service("SMS_WEBHOOK"), "/_sandbox", "");
        calls.send(
                "POST",
                service("FLEET"),
                "/_sandbox",
                "{\"vehicles\":" + (vehicles + 3_000) + ",\"flags\":" + vehicles + "}");
        Instant begin = Instant.now();
        String run = calls.send("POST", port, "/api/orchestrate/full_cycle", "{\"auto_confirm\":true}")
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
        return calls.send("GET", port, "/api/runs?orchestration=maintenance-cycle&limit=1", "")
                .at("/runs/0");
    }

    private JsonNode records(String name) throws IOException, InterruptedException {
        return calls.send("GET", service(name), "/_sandbox?path=/none", "").path("records");
    }
}
