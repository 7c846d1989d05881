package dev.segno.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.Application;
import dev.segno.RouteLayout;
import dev.segno.cli.SegnoCommand;
import dev.segno.control.Settings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Starts, waits, signals, follows and retries; and the commands that do so. */
class SegnoClientTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path directory;

    private static Application application;
    private static URI url;
    private static SegnoClient client;

    @BeforeAll
    static void start() throws Exception {
        Path routes = Files.createDirectories(directory.resolve("routes/test"));
        for (String file : List.of("greet", "approval", "stands")) {
            String name = file + ".camel.yaml";
            Files.copy(Path.of("src/test/resources/api-routes/api").resolve(name), routes.resolve(name));
        }
        application = Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(directory.resolve("routes")), Path.of("routes")),
                        "127.0.0.1",
                        0,
                        directory.resolve("data"),
                        false),
                Settings.of(Map.of("SEGNO_API_KEYS", "ops=operator-key", "AUTH_MODE", "token")));
        url = URI.create("http://127.0.0.1:" + application.port() + "/");
        client = new SegnoClient(url, "operator-key");
    }

    @AfterAll
    static void stop() {
        if (application != null) {
            application.close();
        }
    }

    @Test
    void aRunIsStartedOnceAndAwaited() {
        Map<String, String> input = Map.of("name", "Ada");
        String run = client.start("greet", input, "once");

        assertThat(client.start("greet", input, "once")).isEqualTo(run);
        JsonNode ended = client.await(run, PATIENCE);
        assertThat(ended.path("state").asText()).isEqualTo("COMPLETED");
        assertThat(ended.at("/output/said/name").asText()).isEqualTo("Ada");
        assertThat(client.runs(Map.of("orchestration", "greet")).toString()).contains(run);
    }

    @Test
    void aSignalIsSentOnceAndTheRunIsFollowedToItsEnd() {
        String run = client.start("approval", null, null);
        assertThatThrownBy(() -> client.await(run, Duration.ZERO))
                .isInstanceOf(SegnoException.class)
                .hasMessageContaining("has not ended");
        assertThat(client.signal(run, "answered", Map.of("yes", true), "s1")).isIn("delivered", "kept");
        assertThat(client.await(run, PATIENCE).at("/output/yes").asBoolean()).isTrue();

        List<RunEvent> events = new ArrayList<>();
        client.follow(run, events::add);

        assertThat(events.stream()
                        .filter(event -> event.type().equals("step"))
                        .map(event -> event.data().path("key").asText()))
                .containsExactly("ask", "answer");
        assertThat(events.get(events.size() - 1).type()).isEqualTo("end");
        assertThatThrownBy(() -> client.signal(run, "answered", null, null))
                .isInstanceOfSatisfying(
                        SegnoException.class,
                        refused -> assertThat(refused.status()).isEqualTo(410));
    }

    @Test
    void aParkedRunIsRetriedAndStandsAgain() {
        String run = client.start("stands", null, null);
        assertThat(client.await(run, PATIENCE).path("state").asText()).isEqualTo("PARKED");

        client.retry(run);

        assertThat(client.await(run, PATIENCE).path("retries").asInt()).isEqualTo(1);
    }

    @Test
    void whatTheNodeRefusesIsTold() {
        assertThatThrownBy(() -> client.run("none")).isInstanceOfSatisfying(SegnoException.class, refused -> {
            assertThat(refused.status()).isEqualTo(404);
            assertThat(refused.requestId()).isNotEmpty();
        });
        assertThatThrownBy(() -> new SegnoClient(url, null).run("none"))
                .isInstanceOfSatisfying(
                        SegnoException.class,
                        refused -> assertThat(refused.status()).isEqualTo(401));
        assertThatThrownBy(() -> new SegnoClient(URI.create("http://127.0.0.1:1"), null).run("none"))
                .isInstanceOfSatisfying(
                        SegnoException.class,
                        refused -> assertThat(refused.code()).isEqualTo("unreachable"));
    }

    @Test
    void theCommandsDoTheSame() throws Exception {
        // Commands take their key from the environment, which a test cannot set.
        try (Application open = Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(directory.resolve("routes")), Path.of("routes")),
                        "127.0.0.1",
                        0,
                        directory.resolve("open"),
                        false),
                Settings.of(Map.of()))) {
            String node = "http://127.0.0.1:" + open.port();
            assertThat(command("start", "greet", "{\"name\": \"Ada\"}", "--wait", "30", "--url", node))
                    .contains("\"said\"");
            String run = command("start", "approval", "--url", node).strip();
            assertThat(command("signal", run, "answered", "{}", "--url", node)).containsAnyOf("delivered", "kept");
            assertThat(command("show", run, "--follow", "--url", node)).contains("  ask", "COMPLETED");
            StringWriter problem = new StringWriter();
            assertThat(new CommandLine(new SegnoCommand())
                            .setErr(new PrintWriter(problem))
                            .execute("start", "greet", "no json", "--url", node))
                    .isEqualTo(2);
            assertThat(problem.toString()).contains("not JSON");
        }
    }

    private static String command(String... arguments) {
        StringWriter out = new StringWriter();
        int code =
                new CommandLine(new SegnoCommand()).setOut(new PrintWriter(out)).execute(arguments);
        assertThat(code).as(out.toString()).isZero();
        return out.toString();
    }
}
