package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.spec.JsonClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R20: {@code kill -9} while sagas are being undone. */
class CompensationKillIT {

    private static final int KILLS = Chaos.number("segno.chaos.compensation-kills", 10);
    private static final int CLIENTS = 4;
    private static final int MOST_UNDONE_BEFORE_A_KILL = 12;
    private static final int MOST_MICROS_AFTER_A_CALL = 20_000;

    @TempDir
    private Path directory;

    @Test
    void R20_compensationsAreRecordedOnceAndInReverse() throws Exception {
        Random random = Chaos.random("R20");
        try (CrashSite site = new CrashSite(directory, new Random(random.nextLong()))) {
            site.workload().begin(List.of(CrashRoute.UNDONE), CLIENTS);
            for (int kill = 0; kill < KILLS; kill++) {
                site.process().launch(List.of(), Map.of());
                site.effects()
                        .afterCalls("/effects/unreliable", 1 + random.nextInt(MOST_UNDONE_BEFORE_A_KILL))
                        .get(60, TimeUnit.SECONDS);
                Chaos.letPass(random.nextInt(MOST_MICROS_AFTER_A_CALL));
                site.process().kill();
                site.workload().check();
            }
            Verdict verdict = site.endAndCompare("R20: " + KILLS + " kills while sagas are undone");

            assertThat(verdict.undone()).as("every run was undone").isEqualTo(verdict.runs());
            JsonNode statistics =
                    site.process().client().get("/api/sagas/statistics").body();
            assertThat(statistics.path("states").path("COMPENSATED").asInt()).isEqualTo(verdict.runs());
            assertThat(statistics.path("stuck").asInt()).isZero();
        }
    }

    @Test
    void R20_aCompensationThatIsStuckIsSeenOverAKillAndGoesOnWhereItStood() throws Exception {
        try (CrashSite site = new CrashSite(directory, new Random(1))) {
            JsonClient client = site.process().client();
            site.process().start();
            String run = client.post("/api/orchestrations/undone-in-vain/runs", CrashRoute.INPUT)
                    .body()
                    .path("id")
                    .asText();
            awaitState(client, run, "PARKED");
            site.process().kill();
            site.process().start();

            JsonNode stuck = client.get("/api/sagas?state=PARKED&stuck=true").body();
            assertThat(stuck.path("sagas")).hasSize(1);
            assertThat(stuck.path("sagas").path(0).path("id").asText()).isEqualTo(run);
            assertThat(stuck.path("sagas").path(0).path("stuck").asBoolean()).isTrue();
            assertThat(client.get("/api/sagas?state=COMPENSATED").body().path("sagas"))
                    .isEmpty();
            assertThat(partStates(client, run)).containsExactly("BEGUN", "FAILED", "COMPENSATED");
            JsonNode statistics = client.get("/api/sagas/statistics").body();
            assertThat(statistics.toString()).isEqualTo("{\"total\":1,\"stuck\":1,\"states\":{\"PARKED\":1}}");

            site.effects().mend();
            assertThat(client.post("/api/runs/" + run + "/retry", "").status()).isEqualTo(200);
            awaitState(client, run, "COMPENSATED");

            assertThat(partStates(client, run)).containsOnly("COMPENSATED");
            assertThat(client.get("/api/sagas?stuck=true").body().path("sagas")).isEmpty();
            assertThat(site.effects().effects())
                    .as("what was undone before is not undone again")
                    .filteredOn(effect -> effect.path().endsWith("/first-undone"))
                    .hasSize(1);
        }
    }

    @Test
    void whatHasNoSagaIsNotOne() throws Exception {
        try (CrashSite site = new CrashSite(directory, new Random(1))) {
            JsonClient client = site.process().client();
            site.process().start();
            String run = client.post("/api/orchestrations/variables/runs?wait=30s", CrashRoute.INPUT)
                    .body()
                    .path("id")
                    .asText();

            assertThat(client.get("/api/sagas/" + run).status()).isEqualTo(404);
            assertThat(client.get("/api/sagas/01ARZ3NDEKTSV4RRFFQ69G5FAV").status())
                    .isEqualTo(404);
            assertThat(client.get("/api/sagas?state=SAD").status()).isEqualTo(400);
            assertThat(client.get("/api/sagas?stuck=perhaps").status()).isEqualTo(400);
            assertThat(client.get("/api/sagas").body().path("sagas")).isEmpty();
        }
    }

    private static List<String> partStates(JsonClient client, String run) throws Exception {
        JsonNode parts = client.get("/api/sagas/" + run).body().path("parts");
        return StreamSupport.stream(parts.spliterator(), false)
                .map(part -> part.path("state").asText())
                .toList();
    }

    private static void awaitState(JsonClient client, String run, String state) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.get("/api/runs/" + run)
                        .body()
                        .path("state")
                        .asText()
                        .equals(state));
    }
}
