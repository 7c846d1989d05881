package dev.segno.crash;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.spec.JsonClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/** A directory of routes with one orchestration, {@code edited}, that is edited while a process serves it. */
final class EditedRoutes {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path directory;
    private final Path file;

    /** @param directory where routes go; the package is below it */
    EditedRoutes(Path directory) throws IOException {
        this.directory = directory;
        this.file = directory.resolve("edited/edited.camel.yaml");
        Files.createDirectories(file.getParent());
    }

    Path directory() {
        return directory;
    }

    /**
     * The file's text. Its run calls {@code /effects/held} and then {@code /effects/mark-N}, and answers with N; so does
     * {@code GET /edited}, without a run.
     */
    static String text(int number, String firstCall) {
        return """
                - route:
                    id: edited
                    description: What is edited
                    routeConfigurationId: durable
                    from:
                      uri: orchestration:edited
                      steps:
                        - step:
                            id: first
                            steps:
                              - to: kamelet:call?service=effects&path=/effects/%2$s&timeoutMs=120000
                        - step:
                            id: mark
                            steps:
                              - to: direct:mark
                        - setBody:
                            constant: "%1$d"
                - route:
                    id: edited-mark
                    from:
                      uri: direct:mark
                      steps:
                        - to: kamelet:call?service=effects&path=/effects/mark-%1$d
                - route:
                    id: edited-start
                    from:
                      uri: platform-http:/edited
                      parameters:
                        httpMethodRestrict: POST
                      steps:
                        - to: orchestration:edited?mode=sync
                - route:
                    id: edited-number
                    from:
                      uri: platform-http:/edited
                      parameters:
                        httpMethodRestrict: GET
                      steps:
                        - setBody:
                            constant: "%1$d"
                """.formatted(number, firstCall);
    }

    /** Saves as many editors do: beside the file, and then in its place. */
    void save(String text) throws IOException {
        Path draft = file.resolveSibling(".edited.camel.yaml.swp");
        Files.writeString(draft, text);
        Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Saves into the file itself, in two pieces. */
    void write(String text) throws IOException {
        Files.writeString(file, text.substring(0, text.length() / 2));
        Files.writeString(file, text);
    }

    /** Waits until the program serves another version than this one, without problems; answers with it. */
    static String awaitOther(JsonClient client, String version) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> state(client),
                        state -> state.path("problems").isEmpty()
                                && !state.path("version").asText().equals(version))
                .path("version")
                .asText();
    }

    /** Waits until the program tells that the file is broken. */
    static JsonNode awaitProblem(JsonClient client) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> state(client), state -> !state.path("problems").isEmpty());
    }

    /** Waits until a run is completed; answers with it. */
    static JsonNode awaitCompleted(JsonClient client, String run) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> client.get("/api/runs/" + run).body(),
                        shown -> shown.path("state").asText().equals("COMPLETED"));
    }

    static JsonNode state(JsonClient client) throws IOException, InterruptedException {
        JsonClient.Reply reply = client.get("/api/orchestrations/edited");
        if (reply.status() != 200) {
            throw new AssertionError(reply.toString());
        }
        return reply.body();
    }
}
