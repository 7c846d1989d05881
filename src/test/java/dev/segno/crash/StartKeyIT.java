package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.spec.JsonClient;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R18 on one node: the same start key, many times at once. */
class StartKeyIT {

    private static final int STARTS = Chaos.number("segno.chaos.starts", 200);
    private static final String START = "/api/orchestrations/loop-count/runs";

    @TempDir
    private Path directory;

    @Test
    void R18_theSameKeyIsOneRunAndAnotherBodyIsAConflict() throws Exception {
        try (CrashSite site = new CrashSite(directory, new Random())) {
            site.process().start();
            JsonClient client = site.process().client();
            List<CompletableFuture<JsonClient.Reply>> starts = IntStream.range(0, STARTS)
                    .mapToObj(number -> client.postAsync(
                            START, number % 10 == 9 ? "{\"items\":[4]}" : CrashRoute.INPUT, "Idempotency-Key", "one"))
                    .toList();
            Set<String> runs = new HashSet<>();
            Set<String> conflicts = new HashSet<>();
            int accepted = 0;
            for (CompletableFuture<JsonClient.Reply> start : starts) {
                JsonClient.Reply reply = start.join();
                if (reply.status() == 202) {
                    accepted++;
                    runs.add(reply.body().path("id").asText());
                } else {
                    assertThat(reply.status()).as(reply.toString()).isEqualTo(409);
                    assertThat(reply.body().at("/error/code").asText()).isEqualTo("key-conflict");
                    conflicts.add(reply.body().at("/error/details/runId").asText());
                }
            }
            System.out.println("R18: " + STARTS + " starts of one key: " + accepted + " accepted, "
                    + (STARTS - accepted) + " conflicts, " + runs.size() + " run");
            assertThat(runs).hasSize(1);
            assertThat(conflicts).as("a conflict names the run").isEqualTo(runs);
            // Whichever body came first, the other one is refused.
            assertThat(accepted).isIn(STARTS / 10, STARTS - STARTS / 10);

            site.process().kill();
            site.process().restart();
            String body = accepted > STARTS / 2 ? CrashRoute.INPUT : "{\"items\":[4]}";
            String other = accepted > STARTS / 2 ? "{\"items\":[4]}" : CrashRoute.INPUT;
            JsonClient.Reply again = client.post(START + "?wait=30s", body, "Idempotency-Key", "one");
            assertThat(again.body().path("id").asText()).isIn(runs);
            assertThat(again.body().path("state").asText()).isEqualTo("COMPLETED");
            assertThat(client.post(START, other, "Idempotency-Key", "one").status())
                    .isEqualTo(409);
            assertThat(client.get("/api/runs?orchestration=loop-count").body().path("runs"))
                    .hasSize(1);
            assertThat(site.effects().effects())
                    .extracting(Effect::run)
                    .containsOnly(runs.iterator().next());
        }
    }

    @Test
    void aKeyBelongsToItsOrchestration() throws Exception {
        try (CrashSite site = new CrashSite(directory, new Random())) {
            site.process().start();
            JsonClient client = site.process().client();
            String one = client.post(START, CrashRoute.INPUT, "Idempotency-Key", "k")
                    .body()
                    .path("id")
                    .asText();
            String two = client.post("/api/orchestrations/choice/runs", CrashRoute.INPUT, "Idempotency-Key", "k")
                    .body()
                    .path("id")
                    .asText();
            assertThat(one).isNotEmpty().isNotEqualTo(two);
        }
    }
}
