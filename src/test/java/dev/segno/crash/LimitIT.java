package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.spec.JsonClient;
import dev.segno.spec.SegnoProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits of a real process: never exceeded, and no place is lost, whatever happens. */
class LimitIT {

    private static final String DIRECTORY = "src/test/resources/limit-routes";
    private static final int RUNS = Chaos.number("segno.chaos.limited", 500);
    private static final int KILLS = Math.max(5, RUNS / 100);
    private static final int LIMIT = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30 + RUNS / 5);

    @TempDir
    private Path directory;

    private static SegnoProcess process(Path directory, EffectServer effects) {
        return new SegnoProcess(
                List.of(DIRECTORY),
                SegnoProcess.Readiness.SHARED,
                directory,
                Map.of("EFFECTS_URL", effects.url(), "SEGNO_RETRY_DELAY", "20"));
    }

    @Test
    void R21_neverMoreThanThreeAreUnderWayAndNoPlaceIsLost() throws Exception {
        Random random = Chaos.random("R21");
        try (EffectServer effects = new EffectServer(new Random(random.nextLong()), 10);
                SegnoProcess process = process(directory, effects)) {
            process.start();
            List<String> runs = new ArrayList<>();
            for (int number = 0; number < RUNS; number++) {
                JsonClient.Reply start = process.client()
                        .post(
                                "/api/orchestrations/limited/runs",
                                "{\"customer\":\"north\",\"priority\":" + random.nextInt(3) + "}");
                assertThat(start.status()).isEqualTo(202);
                runs.add(start.body().path("id").asText());
            }
            int cancelled = 0;
            for (int kill = 0; kill < KILLS; kill++) {
                effects.afterCalls(1 + random.nextInt(40)).get(60, TimeUnit.SECONDS);
                cancelled += cancelSome(process.client(), runs, random);
                process.kill();
                process.start();
            }
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(250)).until(() -> count(process, "QUEUED") == 0);
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(250)).until(() -> count(process, "RUNNING") == 0);

            assertThat(mostAtOnce(effects.effects(), "/effects/pick", "/effects/send"))
                    .isEqualTo(LIMIT);
            assertThat(mostAtOnce(effects.effects(), "/effects/pack")).isBetween(1, LIMIT);
            Map<String, Integer> states = new HashMap<>();
            for (String run : runs) {
                states.merge(state(process, run), 1, Integer::sum);
            }
            System.out.println("R21: " + RUNS + " runs, " + KILLS + " kills, " + cancelled + " cancelled: " + states
                    + ", never more than " + LIMIT + " under way");
            assertThat(states.keySet()).isSubsetOf("COMPLETED", "CANCELLED");
            // All places are free again.
            for (int number = 0; number < LIMIT; number++) {
                assertThat(process.client()
                                .post(
                                        "/api/orchestrations/limited/runs?wait=10s",
                                        "{\"customer\":\"north\",\"priority\":0}")
                                .body()
                                .path("state")
                                .asText())
                        .isEqualTo("COMPLETED");
            }
        }
    }

    @Test
    void aFullQueueAnswers429AndABadInput422() throws Exception {
        try (EffectServer effects = new EffectServer(new Random(1), 0);
                SegnoProcess process = process(directory, effects)) {
            process.start();
            JsonClient client = process.client();
            String start = "/api/orchestrations/one-at-a-time/runs";
            assertThat(client.post(start, "{}").status()).isEqualTo(202);

            JsonClient.Reply queued = client.post(start, "{}");
            JsonClient.Reply refused = client.post(start, "{}");

            assertThat(queued.status()).isEqualTo(202);
            assertThat(queued.body().path("state").asText()).isEqualTo("QUEUED");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("Retry-After")).isEqualTo("5");
            assertThat(refused.body().path("error").path("code").asText()).isEqualTo("throttled");
            JsonClient.Reply unplaced = client.post("/api/orchestrations/limited/runs", "{\"priority\":1}");
            assertThat(unplaced.status()).isEqualTo(422);
            assertThat(unplaced.body().toString()).contains("concurrencyKey").contains("is empty");
            effects.letGo();
            String id = queued.body().path("id").asText();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> state(process, id).equals("COMPLETED"));
        }
    }

    private static int cancelSome(JsonClient client, List<String> runs, Random random) {
        int cancelled = 0;
        List<CompletableFuture<JsonClient.Reply>> replies = new ArrayList<>();
        for (int number = 0; number < 5; number++) {
            String run = runs.get(random.nextInt(runs.size()));
            replies.add(client.postAsync("/api/runs/" + run + "/cancel", ""));
        }
        for (CompletableFuture<JsonClient.Reply> reply : replies) {
            // 409: it had ended before.
            assertThat(reply.join().status()).isIn(200, 202, 409);
            cancelled += reply.join().status() == 409 ? 0 : 1;
        }
        return cancelled;
    }

    private static int count(SegnoProcess process, String state) throws IOException, InterruptedException {
        return process.client()
                .get("/api/runs?limit=100&state=" + state)
                .body()
                .path("runs")
                .size();
    }

    private static String state(SegnoProcess process, String run) throws IOException, InterruptedException {
        JsonNode document = process.client().get("/api/runs/" + run).body();
        return document.path("state").asText();
    }

    /** A run holds its place from its first call to its last, also over a kill. */
    private static int mostAtOnce(List<Effect> effects, String... paths) {
        Map<String, long[]> spans = new HashMap<>();
        for (Effect effect : effects) {
            if (List.of(paths).contains(effect.path())) {
                long[] span =
                        spans.computeIfAbsent(effect.run(), run -> new long[] {effect.atNanos(), effect.atNanos()});
                span[1] = effect.atNanos();
            }
        }
        record Edge(long at, int change) {}
        List<Edge> edges = new ArrayList<>();
        for (long[] span : spans.values()) {
            edges.add(new Edge(span[0], 1));
            edges.add(new Edge(span[1], -1));
        }
        edges.sort(Comparator.comparingLong(Edge::at)
                .thenComparing(Comparator.comparingInt(Edge::change).reversed()));
        int now = 0;
        int most = 0;
        for (Edge edge : edges) {
            now += edge.change();
            most = Math.max(most, now);
        }
        return most;
    }
}
