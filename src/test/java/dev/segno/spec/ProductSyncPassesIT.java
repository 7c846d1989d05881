package dev.segno.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A feed that is replaced while it is being worked off: its chunks do not fit together, so a second pass follows. */
class ProductSyncPassesIT {

    @Test
    void aFileThatChangesUnderASyncIsWorkedOffAgainUnderKeysOfItsOwn(@TempDir Path directory) throws Exception {
        try (ProductSync sync = ProductSync.start(directory)) {
            sync.maintainer().control("{\"products\":60000,\"fileVersion\":\"one\",\"chunkDelayMs\":700}");
            String run = sync.begin("");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !sync.maintainer().calls("/run").isEmpty());
            sync.maintainer().control("{\"fileVersion\":\"two\"}");

            JsonNode status = sync.statusAtEnd(run);

            assertThat(status.path("currentPhase").asText()).isEqualTo("completed");
            assertThat(status.at("/progress/totalRecords").asInt()).isEqualTo(60_000);
            JsonNode document = sync.run(run);
            List<String> keys = document.path("steps").findValuesAsText("key");
            assertThat(keys)
                    .contains("chunks[0]/process-chunk", "chunks[2]/process-chunk")
                    .contains(
                            "pass[0]/chunks-again[0]/process-chunk-again",
                            "pass[0]/chunks-again[2]/process-chunk-again")
                    .noneMatch(key -> key.startsWith("pass[1]"))
                    .doesNotHaveDuplicates();
            assertThat(document.path("attributes").path("progress.passes").asInt())
                    .as("the run says so")
                    .isEqualTo(2);
        }
    }
}
