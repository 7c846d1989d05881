package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.run.Failpoint;
import dev.segno.run.Failpoints;
import dev.segno.spec.JsonClient;
import dev.segno.spec.SegnoProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages are collected into batches while the process is killed again and again: none is lost, no batch is two runs. */
class BetweenRunsIT {

    private static final int KILLS = Chaos.number("segno.chaos.batches", 6);
    private static final List<Failpoint> POINTS =
            List.of(Failpoint.RUN_AFTER_START, Failpoint.STORE_BEFORE_COMMIT, Failpoint.STORE_AFTER_COMMIT);

    private static final String ROUTES = """
            - route:
                id: collect
                from:
                  uri: platform-http:/collect
                  steps:
                    - unmarshal: {json: {}}
                    - aggregate:
                        id: all
                        correlationExpression: {constant: all}
                        aggregationRepository: "#segnoAggregation"
                        aggregationStrategy: "#collectBodies"
                        completionSize: 4
                        completionTimeout: "1000"
                        steps:
                          - to: orchestration:batch
            - route:
                id: batch
                from:
                  uri: orchestration:batch
                  steps:
                    - step:
                        id: count
                        steps:
                          - setBody: {jq: length}
            """;

    @TempDir
    private Path directory;

    private final Set<Integer> sentAgain = new HashSet<>();
    private int number;

    @Test
    void R3_eachMessageIsInARunAndEachBatchIsOneRun() throws Exception {
        Random random = Chaos.random("batches");
        Path routes = Files.createDirectories(directory.resolve("routes/between"));
        Files.writeString(routes.resolve("between.camel.yaml"), ROUTES);
        try (SegnoProcess process = new SegnoProcess(
                List.of(directory.resolve("routes").toString()), SegnoProcess.Readiness.SHARED, directory, Map.of())) {
            process.start();
            send(process, 3);
            process.kill();
            for (int kill = 0; kill < KILLS; kill++) {
                Failpoint point = POINTS.get(kill % POINTS.size());
                int pass = 1 + random.nextInt(point == Failpoint.RUN_AFTER_START ? 3 : 20);
                process.launch(List.of(), Map.of(Failpoints.SETTING, point + ":" + pass));
                // It may end before it is ready: what a crash left behind is sent again at the start.
                await().atMost(Duration.ofSeconds(60)).until(() -> !process.isAlive() || ready(process));
                while (process.isAlive()) {
                    send(process, 1);
                }
                process.awaitExit();
            }
            process.start();
            send(process, 5);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(collected(process))
                            .containsOnlyKeys(java.util.stream.IntStream.range(0, number)
                                    .boxed()
                                    .toList()));
            Map<Integer, Integer> times = collected(process);
            assertThat(times.keySet())
                    .filteredOn(one -> !sentAgain.contains(one))
                    .allSatisfy(one -> assertThat(times.get(one))
                            .as("runs with message %s", one)
                            .isEqualTo(1));
            System.out.println("batches: " + KILLS + " kills, " + number + " messages, of them " + sentAgain.size()
                    + " sent again, " + runs(process).size() + " runs");
        }
    }

    private static boolean ready(SegnoProcess process) throws InterruptedException {
        try {
            return process.client().get("/health").status() == 200;
        } catch (IOException e) {
            return false; // its port is not open yet, or the process has ended
        }
    }

    /** Sends the next messages; one that is not answered is sent again after the next start. */
    private void send(SegnoProcess process, int count) throws InterruptedException {
        for (int sent = 0; sent < count; sent++) {
            try {
                JsonClient.Reply reply = process.client().post("/collect", "{\"number\":" + number + "}");
                assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
                number++;
            } catch (IOException e) {
                sentAgain.add(number);
                return;
            }
        }
    }

    private static JsonNode runs(SegnoProcess process) throws Exception {
        return process.client()
                .get("/api/runs?orchestration=batch&limit=500")
                .body()
                .path("runs");
    }

    /** How many runs each message is in. */
    private static Map<Integer, Integer> collected(SegnoProcess process) throws Exception {
        Map<Integer, Integer> times = new TreeMap<>();
        for (JsonNode run : runs(process)) {
            JsonNode whole =
                    process.client().get("/api/runs/" + run.path("id").asText()).body();
            whole.path("input")
                    .forEach(message -> times.merge(message.path("number").asInt(), 1, Integer::sum));
        }
        return times;
    }
}
