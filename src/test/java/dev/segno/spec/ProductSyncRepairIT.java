package dev.segno.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that the maintainer loses: told, bounded, repaired by themselves, and seen in the target table. */
class ProductSyncRepairIT {

    private static final String REPAIR = "product-sync.repair";

    @TempDir
    private static Path directory;

    private static ProductSync sync;

    @BeforeAll
    static void start() throws IOException {
        sync = ProductSync.start(
                directory,
                sandbox -> Map.of(
                        "SUPABASE_URL",
                        sandbox.uri("product-table").toString(),
                        "SUPABASE_SERVICE_ROLE_KEY",
                        "service-key"));
    }

    @AfterAll
    static void end() {
        if (sync != null) {
            sync.close();
        }
    }

    @BeforeEach
    void sixtyThousandProducts() throws Exception {
        sync.resetSandbox();
        sync.standIn("product-table").reset();
        sync.maintainer().control("{\"products\":60000}");
    }

    @Test
    void aRangeWithLostRecordsIsARunThatIsRetriedByItself() throws Exception {
        losing(50, 2);

        String run = sync.begin("");
        JsonNode status = sync.statusAtEnd(run);

        assertThat(status.path("currentPhase").asText()).isEqualTo("completed");
        assertThat(status.at("/progress/recordErrors").asInt()).isEqualTo(50);
        JsonNode repair = sync.runAtEnd(newestRepair());
        assertThat(repair.path("state").asText()).isEqualTo("PARKED");
        assertThat(repair.at("/input/offset").asInt()).isEqualTo(20_000);
        assertThat(repair.at("/input/limit").asInt()).isEqualTo(20_000);
        assertThat(repair.at("/parent/run").asText()).isEqualTo(run);
        assertThat(repair.at("/error/message").asText()).contains("50 record(s)", "retry this run");
        assertThat(callsAt20000()).as("it waits for somebody").hasSize(1);

        JsonNode second = sync.retry(newestRepair());
        assertThat(second.path("state").asText()).as("lost again").isEqualTo("PARKED");
        assertThat(callsAt20000()).hasSize(2);

        JsonNode third = sync.retry(newestRepair());
        assertThat(third.path("state").asText()).isEqualTo("COMPLETED");
        assertThat(rows()).isEqualTo(60_000);
        assertThat(callsAt20000())
                .as("each is a request of its own")
                .hasSize(3)
                .extracting(call -> call.path("key").asText())
                .doesNotHaveDuplicates();
        assertThat(sync.run(run).path("state").asText()).isEqualTo("COMPLETED");
    }

    @Test
    void moreLostRecordsThanTheThresholdFailTheSyncUntilTheyAreRepaired() throws Exception {
        losing(601, 1);

        String run = sync.begin("");
        JsonNode failed = sync.runAtEnd(run);

        assertThat(failed.path("state").asText()).isEqualTo("PARKED");
        assertThat(failed.at("/error/step").asText()).isEqualTo("check-errors");
        assertThat(failed.at("/error/message").asText()).contains("601 of 60000", "1 %");
        JsonNode status = sync.status();
        assertThat(status.path("currentPhase").asText()).isEqualTo("failed");
        assertThat(status.at("/progress/errors/0/phase").asText()).isEqualTo("process");

        assertThat(sync.retry(newestRepair()).path("state").asText()).isEqualTo("COMPLETED");
        JsonNode completed = sync.retry(run);
        assertThat(completed.path("state").asText()).isEqualTo("COMPLETED");
        assertThat(completed.at("/attributes/target/difference").asInt(-1)).isZero();
        assertThat(callsAt20000()).as("no chunk ran again but the repaired one").hasSize(2);
    }

    @Test
    void lostRecordsUpToTheThresholdAreTolerated() throws Exception {
        losing(600, 1);

        JsonNode run = sync.runAtEnd(sync.begin(""));

        assertThat(run.path("state").asText()).isEqualTo("COMPLETED");
        assertThat(run.at("/attributes/target/rows").asInt()).isEqualTo(59_400);
        assertThat(run.at("/attributes/target/difference").asInt(-1)).isZero();
    }

    @Test
    void aDifferenceInTheTargetTableIsReported() throws Exception {
        sync.runAtEnd(sync.begin(""));
        sync.maintainer().control("{\"products\":50000}");

        String run = sync.begin("");
        JsonNode target = sync.runAtEnd(run).at("/attributes/target");

        assertThat(target.path("rows").asInt()).isEqualTo(60_000);
        assertThat(target.path("expected").asInt()).isEqualTo(50_000);
        assertThat(target.path("difference").asInt()).isEqualTo(10_000);
        assertThat(sync.status().path("target")).isEqualTo(target);
        JsonNode asked =
                sync.standIn("product-table").calls("/rest/v1/products").get(0);
        assertThat(asked.path("method").asText()).isEqualTo("HEAD");
        assertThat(asked.at("/headers/prefer").asText()).isEqualTo("count=exact");
        assertThat(asked.at("/headers/apikey").asText()).isEqualTo("service-key");
        assertThat(asked.at("/headers/authorization").asText()).isEqualTo("Bearer service-key");
    }

    @Test
    void aTableThatCannotBeAskedDoesNotFailTheSync() throws Exception {
        sync.standIn("product-table").control("{\"path\":\"/rest/*\",\"fault\":\"status\",\"value\":500}");

        JsonNode run = sync.runAtEnd(sync.begin(""));

        assertThat(run.path("state").asText()).isEqualTo("COMPLETED");
        assertThat(run.at("/attributes/target/unknown").asText()).isNotEmpty();
    }

    @Test
    void withoutSettingsNobodyIsToldAndTheRunSaysSo() throws Exception {
        JsonNode run = sync.runAtEnd(sync.begin("{\"mode\":\"fetch-only\"}"));

        assertThat(run.path("state").asText()).isEqualTo("COMPLETED");
        assertThat(run.at("/attributes/mail/outcome").asText()).isEqualTo("off");
        assertThat(run.at("/attributes/mail/reason").asText()).contains("SMTP_URL");
        assertThat(run.at("/attributes/webhook/reason").asText()).contains("WEBHOOK_URL");
        assertThat(sync.runs("mail")).isEmpty();
        assertThat(sync.runs("webhook")).isEmpty();
    }

    private static void losing(int records, int times) throws Exception {
        sync.maintainer()
                .control("{\"path\":\"/run\",\"match\":{\"offset\":20000},\"fault\":\"record_errors\",\"value\":"
                        + records + ",\"times\":" + times + "}");
    }

    private static String newestRepair() throws Exception {
        return sync.runs(REPAIR).get(0).path("id").asText();
    }

    private static List<JsonNode> callsAt20000() throws Exception {
        return sync.maintainer().calls("/run").stream()
                .filter(call -> call.path("offset").asInt() == 20_000)
                .toList();
    }

    private static int rows() throws Exception {
        return sync.maintainer().sandbox().at("/records/rows").asInt();
    }
}
