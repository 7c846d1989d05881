package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.spec.JsonClient;
import dev.segno.spec.SegnoProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R16: a file with an orchestration and its HTTP routes is saved over and over under load. */
class ReloadIT {

    private static final int RELOADS = Chaos.number("segno.chaos.reloads", 50);
    private static final int CLIENTS = 6;

    /** What a text is turned into so that it does not load: no YAML, unknown to Camel, against the rules, a clash. */
    private static final List<String[]> FAULTS = List.of(
            new String[] {"id: first", "id: [first"},
            new String[] {"setBody:", "setBodies:"},
            new String[] {"direct:mark\n", "exec:mark\n"},
            new String[] {"id: mark", "id: first"});

    @TempDir
    private Path directory;

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile boolean enough;

    @Test
    void R16_noRequestFailsAndEachRunEndsOnItsVersion() throws Exception {
        Random random = Chaos.random("R16");
        EditedRoutes routes = new EditedRoutes(directory.resolve("routes"));
        routes.save(EditedRoutes.text(0, "work"));
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try (EffectServer effects = new EffectServer(new Random(1), 10);
                SegnoProcess process = new SegnoProcess(
                        List.of(routes.directory().toString()),
                        SegnoProcess.Readiness.SHARED,
                        directory,
                        Map.of("EFFECTS_URL", effects.url(), "SEGNO_RETRY_DELAY", "20"))) {
            process.start();
            JsonClient client = process.client();
            Map<String, String> numbers = new HashMap<>();
            String version = EditedRoutes.awaitOther(client, "");
            numbers.put(version, "0");
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                boolean look = i % 3 == 2;
                clients.add(CompletableFuture.runAsync(() -> load(client, look), threads));
            }
            int invalid = 0;
            for (int reload = 1; reload <= RELOADS; reload++) {
                String text = EditedRoutes.text(reload, "work");
                if (random.nextInt(10) < 3) {
                    invalid++;
                    String[] fault = FAULTS.get(random.nextInt(FAULTS.size()));
                    routes.save(text.replace(fault[0], fault[1]));
                    JsonNode state = EditedRoutes.awaitProblem(client);
                    assertThat(state.path("version").asText())
                            .as("what serves while the file is broken")
                            .isEqualTo(version);
                } else {
                    if (random.nextBoolean()) {
                        routes.save(text);
                    } else {
                        routes.write(text);
                    }
                    version = EditedRoutes.awaitOther(client, version);
                    assertThat(client.get("/edited").body().asText())
                            .as("what the file's HTTP route answers")
                            .isEqualTo(String.valueOf(reload));
                    numbers.put(version, String.valueOf(reload));
                }
            }
            enough = true;
            CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).join();

            assertThat(failures).as(process.tail()).isEmpty();
            int runs = 0;
            String cursor = "";
            do {
                JsonNode page = client.get("/api/runs?limit=200" + cursor).body();
                for (JsonNode run : page.path("runs")) {
                    JsonNode whole =
                            client.get("/api/runs/" + run.path("id").asText()).body();
                    assertThat(whole.path("state").asText()).isEqualTo("COMPLETED");
                    assertThat(whole.path("output").asText())
                            .as("what the run's version answers")
                            .isEqualTo(numbers.get(whole.path("version").asText()));
                    runs++;
                }
                cursor = page.path("nextCursor").isTextual()
                        ? "&cursor=" + page.path("nextCursor").asText()
                        : "";
            } while (!cursor.isEmpty());
            System.out.println("R16: " + RELOADS + " reloads, " + invalid + " of them invalid; " + requests.get()
                    + " requests, none failed; " + runs + " runs");
            assertThat(runs).isGreaterThan(RELOADS);
            assertThat(invalid).isPositive();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> EditedRoutes.state(client).path("versions").size() == 1);
        } finally {
            enough = true;
            threads.shutdownNow();
        }
    }

    private void load(JsonClient client, boolean look) {
        while (!enough) {
            try {
                JsonClient.Reply reply = look ? client.get("/edited") : client.post("/edited", CrashRoute.INPUT);
                requests.incrementAndGet();
                if (reply.status() != 200) {
                    failures.add(reply.toString());
                }
            } catch (Exception e) {
                failures.add(e.toString());
            }
        }
    }
}
