package dev.segno.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.sandbox.Sandbox;
import dev.segno.sandbox.SandboxSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An onboarding of the service hub's contract, killed where a service has done its work and its answer is lost. */
class ServiceHubCrashIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PASSWORD = "Carls-Passw0rd";
    private static final String REGISTER = "/api/v1/auth/register";
    private static final String NOTIFICATIONS = "/api/v1/notifications";

    @TempDir
    private Path directory;

    @Test
    void anAccountIsMadeOnceAndWelcomedOnceWhateverIsKilled() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxSettings.onFreePorts("k"))) {
            // Nothing is tried again before the kill.
            Map<String, String> environment = new HashMap<>(
                    Map.of("HUB_RETRY_DELAY", "3600000", "HUB_TIMEOUT", "86400000", "HUB_ENABLE_ALERTS", "false"));
            environment.putAll(
                    ServedPackage.addresses(sandbox, List.of("identity", "content", "communication", "workflow")));
            StandInClient identity = new StandInClient(sandbox.uri("identity"));
            StandInClient communication = new StandInClient(sandbox.uri("communication"));
            identity.control(loseAnswer(REGISTER));
            communication.control(loseAnswer(NOTIFICATIONS));
            try (SegnoProcess process = new SegnoProcess(
                    List.of("routes/service-hub"), SegnoProcess.Readiness.SHARED, directory, environment)) {
                process.start();
                String run = process.client()
                        .post(
                                "/orchestrations/user-onboarding",
                                "{\"email\":\"carl@example.test\",\"password\":\"" + PASSWORD
                                        + "\",\"first_name\":\"Carl\",\"last_name\":\"Cook\"}")
                        .body()
                        .path("run_id")
                        .asText();
                awaitLost(identity, REGISTER);
                process.kill();
                process.start();
                awaitLost(communication, NOTIFICATIONS);
                process.kill();
                process.start();

                JsonNode result = await().atMost(PATIENCE)
                        .until(
                                () -> process.client()
                                        .get("/orchestrations/runs/" + run)
                                        .body(),
                                found -> found.path("success").asBoolean());
                assertThat(result.at("/details/partial").asBoolean(true)).isFalse();
                assertThat(result.at("/data/user/first_name").asText()).isEqualTo("Carl");
                assertThat(identity.sandbox().at("/records/registered").asInt()).isEqualTo(1);
                assertThat(identity.sandbox().at("/records/logins").asInt()).isEqualTo(1);
                assertThat(communication.sandbox().at("/records/notifications").asInt())
                        .isEqualTo(1);
                assertThat(identity.calls(REGISTER)).hasSize(2);
                assertThat(identity.calls(REGISTER).get(1).path("key"))
                        .isEqualTo(identity.calls(REGISTER).get(0).path("key"));
                assertThat(identity.calls(REGISTER).get(1).path("repeated").asBoolean())
                        .isTrue();
                assertThat(communication.calls(NOTIFICATIONS)).hasSize(2);
                assertThat(process.lines()).noneMatch(line -> line.contains(PASSWORD));
            }
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                            .as(file.toString())
                            .doesNotContain(PASSWORD);
                }
            }
        }
    }

    private static String loseAnswer(String path) {
        return "{\"path\":\"" + path + "\",\"fault\":\"close_after_work\",\"times\":1}";
    }

    private static void awaitLost(StandInClient service, String path) {
        await().atMost(PATIENCE)
                .until(() -> service.calls(path).stream()
                        .anyMatch(call -> call.path("worked").asBoolean()
                                && call.path("dropped").asBoolean()));
    }
}
