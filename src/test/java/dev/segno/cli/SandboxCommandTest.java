package dev.segno.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segno.sandbox.Sandbox;
import dev.segno.sandbox.SandboxSettings;
import dev.segno.spec.SegnoProcess;
import dev.segno.spec.StandInClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SandboxCommandTest {

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aTakenPortIsOneLineAndExitCodeOne() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path config = config("ports: {effects: " + (taken.getLocalPort() - 7) + "}");

            int exit = execute("--config", config.toString(), "--port-offset", "7");

            assertThat(exit).isEqualTo(1);
            assertThat(err.toString().lines())
                    .containsExactly("Port " + taken.getLocalPort()
                            + " (effects) on 127.0.0.1 is taken: end what uses it, or shift all ports with"
                            + " --port-offset N.");
            assertThat(out.toString()).isEmpty();
        }
    }

    @Test
    void aBadTableIsOneLineAndExitCodeOne() throws IOException {
        String missing = directory.resolve("none.yaml").toString();
        assertThat(execute("--config", missing)).isEqualTo(1);
        assertThat(execute("--config", config("ports: {nobody: 1}").toString())).isEqualTo(1);
        assertThat(execute("--config", config("ports: {effects: x}").toString()))
                .isEqualTo(1);
        assertThat(execute("--config", config("services: []").toString())).isEqualTo(1);
        assertThat(execute("--config", config("ports: {effects: 18103}").toString(), "--port-offset", "60000"))
                .isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(5).first().isEqualTo(missing + ": no such file");
    }

    @Test
    void itPrintsItsTableAndServesUntilItIsEnded() throws Exception {
        Path config = config("ports: {effects: " + SegnoProcess.freePort() + "}");
        ExecutorService thread = Executors.newSingleThreadExecutor();
        CompletableFuture<Integer> exit =
                CompletableFuture.supplyAsync(() -> execute("--config", config.toString()), thread);
        try {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> exit.isDone() || out.toString().contains("/effects/NAME"));
            assertThat(exit).as(err.toString()).isNotDone();
            String url = out.toString().replaceFirst("(?s).*(http://127\\.0\\.0\\.1:\\d+).*", "$1");
            assertThat(new StandInClient(URI.create(url)).get("/healthz").status())
                    .isEqualTo(200);
        } finally {
            thread.shutdownNow();
        }
        assertThat(thread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(exit.join()).isZero();
    }

    @Test
    void theTableOfTheProjectNamesEveryService() throws IOException {
        var settings = SandboxSettings.read(Path.of("config/sandbox.yaml"), 100, Map.of("ADMIN_KEY", "secret"));
        assertThat(settings.ports().keySet()).containsExactlyInAnyOrderElementsOf(Sandbox.names());
        assertThat(settings.ports()).containsEntry("fetcher", 18201);
        assertThat(settings.adminKey()).isEqualTo("secret");
    }

    private int execute(String... arguments) {
        return new CommandLine(new SandboxCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private Path config(String yaml) throws IOException {
        return Files.writeString(directory.resolve("sandbox.yaml"), yaml, UTF_8);
    }
}
