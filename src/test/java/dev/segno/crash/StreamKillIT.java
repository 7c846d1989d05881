package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.redis.RealRedis;
import dev.segno.run.Failpoint;
import dev.segno.run.Failpoints;
import dev.segno.spec.SegnoProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process dies when the run of a message is on disk and the message is not acknowledged: one run all the same. */
class StreamKillIT {

    private static final int KILLS = Chaos.number("segno.chaos.redis.kills", 1);
    private static final int MESSAGES_EACH = 5;

    private static final String ROUTES = """
            - route:
                id: read
                from:
                  uri: redis-stream:orders?group=segno&maxDeliveries=1000
                  steps:
                    - to: orchestration:order
            - route:
                id: order
                from:
                  uri: orchestration:order
                  steps:
                    - step:
                        id: book
                        steps:
                          - setBody: {simple: "${body}"}
            """;

    @TempDir
    private Path directory;

    @Test
    void R5_aKillBetweenTheStartAndItsAcknowledgementIsOneRun() throws Exception {
        Path routes = Files.createDirectories(directory.resolve("routes/streams"));
        Files.writeString(routes.resolve("order.camel.yaml"), ROUTES);
        try (RealRedis redis = new RealRedis(Files.createDirectories(directory.resolve("redis"))).start();
                SegnoProcess process = new SegnoProcess(
                        List.of(directory.resolve("routes").toString()),
                        SegnoProcess.Readiness.SHARED,
                        directory,
                        Map.of("SEGNO_REDIS_URL", "redis://127.0.0.1:" + redis.port()))) {
            for (int kill = 0; kill < KILLS; kill++) {
                for (int message = 0; message < MESSAGES_EACH; message++) {
                    redis.add("orders", "payload", "{\"n\":" + (kill * MESSAGES_EACH + message) + "}");
                }
                process.launch(List.of(), Map.of(Failpoints.SETTING, Failpoint.RUN_AFTER_START + ":1"));
                process.awaitExit();
                assertThat(redis.pending("orders", "segno"))
                        .as("started and not acknowledged")
                        .isPositive();
            }
            process.start();
            int messages = KILLS * MESSAGES_EACH;
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> redis.pending("orders", "segno") == 0
                            && runs(process).size() >= messages);
            System.out.println("R5: " + KILLS + " kills between start and acknowledgement, " + messages + " messages, "
                    + runs(process).size() + " runs");
            assertThat(runs(process)).hasSize(messages);
        }
    }

    private static JsonNode runs(SegnoProcess process) throws Exception {
        return process.client()
                .get("/api/runs?orchestration=order&limit=500")
                .body()
                .path("runs");
    }
}
