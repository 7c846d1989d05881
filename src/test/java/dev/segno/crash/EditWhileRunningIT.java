package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.spec.JsonClient;
import dev.segno.spec.SegnoProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs are under way while their file is edited, broken, and the process killed. */
class EditWhileRunningIT {

    private static final int RUNS = 200;

    @TempDir
    private Path directory;

    private final Map<String, Integer> began = new LinkedHashMap<>();

    @Test
    void everyRunEndsOnTheVersionThatItBeganWith() throws Exception {
        EditedRoutes routes = new EditedRoutes(directory.resolve("routes"));
        routes.save(EditedRoutes.text(1, "held"));
        try (EffectServer effects = new EffectServer(new Random(1), 0);
                SegnoProcess process = new SegnoProcess(
                        List.of(routes.directory().toString()),
                        SegnoProcess.Readiness.SHARED,
                        directory,
                        Map.of("EFFECTS_URL", effects.url(), "SEGNO_RETRY_DELAY", "20"))) {
            process.start();
            JsonClient client = process.client();
            String first = EditedRoutes.awaitOther(client, "");
            begin(client, RUNS * 2 / 5, 1);

            routes.save(EditedRoutes.text(2, "held"));
            String second = EditedRoutes.awaitOther(client, first);
            begin(client, RUNS / 5, 2);

            routes.write(EditedRoutes.text(3, "held"));
            String third = EditedRoutes.awaitOther(client, second);
            begin(client, RUNS / 5, 3);

            routes.save(EditedRoutes.text(4, "held").replace("id: mark", "ids: mark"));
            JsonNode broken = EditedRoutes.awaitProblem(client);
            assertThat(broken.at("/problems/0/line").asInt()).isEqualTo(13);
            assertThat(broken.path("version").asText()).isEqualTo(third);
            begin(client, RUNS / 10, 3);
            assertThat(began).hasSize(RUNS - RUNS / 10);

            process.kill();
            process.restart();
            // The file on disk is still broken: what serves is the newest good one.
            assertThat(EditedRoutes.awaitProblem(client).path("version").asText())
                    .isEqualTo(third);
            begin(client, RUNS / 10, 3);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> effects.effects().stream()
                                    .filter(effect -> effect.path().endsWith("/held"))
                                    .map(Effect::run)
                                    .distinct()
                                    .count()
                            == RUNS);
            effects.letGo();

            Map<Integer, String> versions = Map.of(1, first, 2, second, 3, third);
            for (Map.Entry<String, Integer> run : began.entrySet()) {
                JsonNode ended = awaitEnd(client, run.getKey());
                assertThat(ended.path("state").asText()).as(ended.toString()).isEqualTo("COMPLETED");
                assertThat(ended.path("version").asText()).isEqualTo(versions.get(run.getValue()));
                assertThat(effects.effects())
                        .filteredOn(effect -> effect.run().equals(run.getKey()) && effect.isOf("mark"))
                        .extracting(Effect::path)
                        .containsExactly("/effects/mark-" + run.getValue());
            }
            routes.save(EditedRoutes.text(5, "held"));
            EditedRoutes.awaitOther(client, third);
            begin(client, 1, 5);
            await().until(
                            () -> EditedRoutes.state(client).path("versions"),
                            loaded -> loaded.size() == 1
                                    && loaded.at("/0/current").asBoolean());
        }
    }

    private void begin(JsonClient client, int count, int number) {
        List<CompletableFuture<JsonClient.Reply>> starts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            starts.add(client.postAsync("/api/orchestrations/edited/runs", CrashRoute.INPUT));
        }
        for (CompletableFuture<JsonClient.Reply> start : starts) {
            JsonClient.Reply reply = start.join();
            assertThat(reply.status()).as(reply.toString()).isEqualTo(202);
            began.put(reply.body().path("id").asText(), number);
        }
    }

    private static JsonNode awaitEnd(JsonClient client, String run) {
        return await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> client.get("/api/runs/" + run).body(),
                        seen -> !seen.path("state").asText().equals("RUNNING"));
    }
}
