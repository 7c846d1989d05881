package dev.segno.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.sandbox.Sandbox;
import dev.segno.sandbox.SandboxSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full ingestion of the control plane's contract, while the process is killed in the middle of it. */
class IngestionCrashIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void CP06_aRunGoesOnAfterAKillAndOnlyTheCallThatWasUnderWayComesAgain() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxSettings.onFreePorts("k"))) {
            Map<String, String> environment = ServedPackage.addresses(sandbox, Sandbox.names());
            StandInClient jira = new StandInClient(sandbox.uri("jira-agent"));
            jira.control("{\"path\":\"/ingest\",\"fault\":\"delay\",\"value\":3600000,\"times\":1}");
            try (SegnoProcess process = new SegnoProcess(
                    List.of("routes/docs-ingestion"), SegnoProcess.Readiness.CONTROL_PLANE, directory, environment)) {
                process.start();
                String run = process.client()
                        .post("/workflows/run", "{\"correlation_id\":\"crash\"}")
                        .body()
                        .path("run_id")
                        .asText();
                await().atMost(PATIENCE).until(() -> jira.calls("/ingest").size() == 1);
                process.kill();
                // What the agent was at is lost with it: the call that comes again is new to it.
                String key = jira.calls("/ingest").get(0).path("key").asText();
                jira.reset();
                process.start();

                await().atMost(PATIENCE)
                        .until(() -> process.client()
                                .get("/api/runs/" + run)
                                .body()
                                .path("state")
                                .asText()
                                .equals("COMPLETED"));
                assertThat(key).startsWith(run);
                assertThat(jira.calls("/ingest"))
                        .singleElement()
                        .satisfies(call -> assertThat(call.path("key").asText()).isEqualTo(key));
                for (String agent : List.of("github-agent", "confluence-agent", "swagger-agent")) {
                    List<JsonNode> calls = new StandInClient(sandbox.uri(agent)).calls("/ingest");
                    assertThat(calls).as(agent).hasSize(1);
                }
                assertThat(new StandInClient(sandbox.uri("reporting")).calls("/reports/generate"))
                        .hasSize(1);
            }
        }
    }
}
