package dev.segno.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Case 13 of the product sync contract, with a shorter time between fires: runs appear, and no two overlap. */
class ProductSyncScheduleIT {

    @TempDir
    private Path directory;

    private static List<JsonNode> fires(ProductSync sync, String outcome) throws Exception {
        JsonNode schedule = sync.http()
                .get("/api/schedules/product-sync?limit=500", ProductSync.WITH_KEY)
                .body();
        return StreamSupport.stream(schedule.path("lastFires").spliterator(), false)
                .filter(fire -> fire.path("outcome").asText().equals(outcome))
                .toList();
    }

    @Test
    void case13RunsAppearAndAnOverlappingFireIsSkippedAndRecorded() throws Exception {
        try (ProductSync sync =
                ProductSync.start(directory, Map.of("SYNC_CRON", "0/2 * * * * ?", "SYNC_ZONE", "UTC"))) {
            sync.fetcher().control("{\"products\":1000,\"fetchDelayMs\":5000}");
            sync.maintainer().control("{\"products\":1000}");
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> fires(sync, "started").size() >= 2
                            && fires(sync, "skipped").size() >= 2);

            Instant next = Instant.parse(sync.status().path("nextScheduled").asText());
            assertThat(next)
                    .isBetween(Instant.now().minusSeconds(3), Instant.now().plusSeconds(3));
            assertThat(sync.http()
                            .post("/api/schedules/product-sync/pause", "", ProductSync.WITH_KEY)
                            .status())
                    .isEqualTo(200);
            assertThat(sync.status().path("nextScheduled").isNull()).isTrue();

            List<JsonNode> started = fires(sync, "started");
            for (JsonNode fire : started) {
                String run = fire.path("runId").asText();
                assertThat(sync.run(run).path("orchestration").asText()).isEqualTo("product-sync");
            }
            assertThat(started).extracting(fire -> fire.path("runId").asText()).doesNotHaveDuplicates();
            assertThat(fires(sync, "skipped"))
                    .filteredOn(fire -> !fire.path("reason").asText().contains("paused"))
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allSatisfy(fire -> assertThat(fire.path("runId").asText())
                            .isIn(started.stream()
                                    .map(one -> one.path("runId").asText())
                                    .toList()));
            assertThat(sync.statusAtEnd(started.get(0).path("runId").asText())
                            .path("currentPhase")
                            .asText())
                    .isEqualTo("completed");
            assertThat(sync.fetcher().calls("/run")).hasSameSizeAs(started);
            assertThat(sync.fetcher().sandbox().path("overlaps").asInt(0)).isZero();
        }
    }

    @Test
    void theScheduleIsTwoAtNightInSydneyUnlessSomebodySaysOtherwise() throws Exception {
        try (ProductSync sync = ProductSync.start(directory, Map.of("SYNC_CRON", "", "SYNC_ZONE", ""))) {
            ZonedDateTime next =
                    Instant.parse(sync.status().path("nextScheduled").asText()).atZone(ZoneId.of("Australia/Sydney"));
            // On the night on which 02:00 is skipped it is the moment that is called 03:00 instead.
            assertThat(next).isEqualTo(next.toLocalDate().atTime(2, 0).atZone(next.getZone()));
        }
    }

    @Test
    void aSyncByHandIsInTheWayToo() throws Exception {
        try (ProductSync sync = ProductSync.start(directory)) {
            sync.fetcher().control("{\"products\":1000,\"fetchDelayMs\":3000}");
            String run = sync.begin("");
            JsonClient.Reply reply = sync.http().post("/api/schedules/product-sync/trigger", "", ProductSync.WITH_KEY);
            assertThat(reply.status()).isEqualTo(409);
            assertThat(reply.body().at("/error/details/runId").asText()).isEqualTo(run);
        }
    }
}
