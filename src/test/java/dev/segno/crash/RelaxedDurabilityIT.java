package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.spec.JsonClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code durability=relaxed} gives up, and what it keeps. */
class RelaxedDurabilityIT {

    private static final int RUNS = 40;
    private static final String START = "/api/orchestrations/relaxed/runs";

    @TempDir
    private Path directory;

    @Test
    void aCrashLosesOnlyWhatNobodyWasTold() throws Exception {
        try (CrashSite site = new CrashSite(directory, new Random())) {
            site.process().start();
            JsonClient client = site.process().client();
            List<String> acknowledged = new ArrayList<>();
            for (int run = 0; run < RUNS; run++) {
                acknowledged.add(
                        client.post(START, CrashRoute.INPUT).body().path("id").asText());
            }
            List<CompletableFuture<JsonClient.Reply>> ends = new ArrayList<>();
            for (int run = 0; run < RUNS; run++) {
                ends.add(client.postAsync(START + "?wait=30s", CrashRoute.INPUT));
            }
            CompletableFuture.anyOf(ends.toArray(CompletableFuture[]::new)).join();
            site.process().kill();
            int before = site.effects().effects().size();

            Set<String> ended = new HashSet<>();
            for (CompletableFuture<JsonClient.Reply> end : ends) {
                if (end.handle((reply, failure) -> failure == null).join()) {
                    assertThat(end.join().body().path("state").asText()).isEqualTo("COMPLETED");
                    ended.add(end.join().body().path("id").asText());
                }
            }
            assertThat(ended).as("the kill came in the middle").hasSizeBetween(1, RUNS);
            site.process().start();
            for (String id : ended) {
                assertThat(state(client, id)).isEqualTo("COMPLETED");
            }
            for (String id : acknowledged) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> state(client, id).equals("COMPLETED"));
                JsonNode steps = client.get("/api/runs/" + id).body().path("steps");
                assertThat(steps.findValuesAsText("key")).hasSize(9).doesNotHaveDuplicates();
            }
            List<Effect> later = site.effects().effects();
            assertThat(later.subList(before, later.size()))
                    .as("a run whose end was acknowledged does nothing any more")
                    .noneMatch(effect -> ended.contains(effect.run()));
        }
    }

    private static String state(JsonClient client, String id) throws Exception {
        JsonClient.Reply reply = client.get("/api/runs/" + id);
        assertThat(reply.status()).as("run %s", id).isEqualTo(200);
        return reply.body().path("state").asText();
    }
}
