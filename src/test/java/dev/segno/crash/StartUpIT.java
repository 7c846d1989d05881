package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.spec.JsonClient;
import dev.segno.spec.SegnoProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Starts that cannot succeed: one clear line, an exit code, and nothing touched; and files that do not load. */
class StartUpIT {

    private static final String ROUTES = "src/test/resources/broken-routes";

    @TempDir
    private Path directory;

    @Test
    void aSecondProcessOnTheSameDataIsRefused() throws Exception {
        try (SegnoProcess first = process()) {
            first.start();

            Command second = run(Map.of(), "--data", first.data().toString());

            assertRefused(
                    second,
                    "segno: Data directory " + first.data().toRealPath() + " is in use by process " + first.pid()
                            + ": stop it, or choose another directory");
            assertThat(first.client().get("/health").status()).isEqualTo(200);
            assertThat(first.client()
                            .post("/api/orchestrations/working/runs", "")
                            .status())
                    .isEqualTo(202);
        }
    }

    @Test
    void aKillLeavesNothingInTheTemporaryDirectory() throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("temporary"));
        try (SegnoProcess killed = process()) {
            killed.launch(List.of(), Map.of("SEGNO_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary));
            killed.awaitReady();
            killed.kill();

            assertThat(killed.data().resolve("native")).isDirectoryContaining("glob:**sqlite*");
        }
        assertThat(temporary).isEmptyDirectory();
    }

    /** The figures are asked for at the end, so that the check is known to find what is loaded. */
    @Test
    void figuresAndSpansAreNotLoadedWhereNobodyAsksForThem() throws Exception {
        Path loaded = directory.resolve("loaded.txt");
        try (SegnoProcess node = process()) {
            node.launch(List.of(), Map.of("SEGNO_JAVA_OPTS", "-Xlog:class+load:file=" + loaded + "::filecount=0"));
            node.awaitReady();
            assertThat(node.client()
                            .post("/api/orchestrations/working/runs?wait=20s", "")
                            .body()
                            .path("state")
                            .asText())
                    .isEqualTo("COMPLETED");

            assertThat(classes(loaded, "dev.segno.run.Engine")).isNotEmpty();
            for (String library : List.of("io.opentelemetry.", "io.micrometer.", "org.jolokia.", "io.vertx.redis.")) {
                assertThat(classes(loaded, library)).as(library).isEmpty();
            }

            assertThat(node.client().get("/api/metrics").status()).isEqualTo(200);
            assertThat(classes(loaded, "io.micrometer.")).isNotEmpty();
        }
    }

    private static List<String> classes(Path log, String prefix) throws Exception {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains("] " + prefix)).toList();
        }
    }

    @Test
    void aPortInUseIsSaidBeforeAnythingIsOpened() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            Path data = directory.resolve("data");

            Command refused = run(Map.of(), "--port", String.valueOf(port), "--data", data.toString());

            assertRefused(
                    refused,
                    "segno: cannot listen on 127.0.0.1:" + port + ": the port is in use; choose another with --port");
            assertThat(data).doesNotExist();
        }
    }

    @Test
    void aDirectoryThatIsAFileIsSaid() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "kept");

        assertRefused(
                run(Map.of(), "--data", file.toString()),
                "segno: Data directory " + file + " is a file: name a directory");
        assertThat(file).hasContent("kept");
    }

    @Test
    void aDirectoryOfRoutesThatIsNotThereIsSaid() throws Exception {
        Path missing = directory.resolve("missing");

        Command refused = Command.run(Map.of(), List.of("run", missing.toString(), "--port", "0"));

        assertRefused(refused, "segno: " + missing + " is not a directory of routes");
    }

    @Test
    void aNumberThatIsNoPortIsSaid() throws Exception {
        Command refused = Command.run(Map.of(), List.of("run", ROUTES, "--port", "99999"));

        assertRefused(refused, "segno: --port 99999 is no port: name one from 0 to 65535");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SEGNO_RUN_THREADS      | many    | whole number",
                "SEGNO_RUN_THREADS      | 0       | 1",
                "SEGNO_HTTP_MAX_BODY    | -5      | 1",
                "SEGNO_HTTP_READ_TIMEOUT| soon    | 30s",
                "PORT                   | 99999   | 65535",
            })
    void aBadSettingIsNamed(String setting, String value, String whatIsAllowed) throws Exception {
        Command refused = Command.run(
                Map.of(setting, value),
                List.of("run", ROUTES, "--data", directory.resolve("data").toString()));

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.lines()).as("one line").hasSize(1);
        assertThat(refused.lines().get(0))
                .startsWith("segno: ")
                .containsIgnoringCase(
                        setting.replace("SEGNO_", "").replace('_', '.').replaceAll(".*\\.", ""))
                .contains(value)
                .contains(whatIsAllowed);
    }

    @Test
    void anUnknownOptionIsAnError() throws Exception {
        Command refused = run(Map.of(), "--prot", "80");

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.lines().get(0)).contains("--prot");
    }

    @Test
    void filesThatDoNotLoadAreToldByPlaceAndTheOthersServe() throws Exception {
        try (SegnoProcess segno = process()) {
            segno.start();
            JsonClient client = segno.client();

            JsonClient.Reply reply = client.post("/api/orchestrations/working/runs?wait=10s", "");
            assertThat(reply.body().path("state").asText()).as(reply.toString()).isEqualTo("COMPLETED");
            assertThat(client.post("/api/orchestrations/misspelt/runs", "").status())
                    .isEqualTo(404);
            List<String> errors = segno.lines().stream()
                    .filter(line -> line.contains(" ERROR "))
                    .toList();
            assertThat(errors).hasSize(3);
            assertThat(errors.get(0)).contains("bad/forbidden.camel.yaml:9:21: ", "'exec' is not allowed");
            assertThat(errors.get(1)).contains("bad/misspelt.camel.yaml:6:11: ", "Did you mean 'setBody'?");
            assertThat(errors.get(2)).contains("bad/unclosed.camel.yaml:4:1: ", "not YAML");
        }
    }

    private SegnoProcess process() {
        return new SegnoProcess(List.of(ROUTES), SegnoProcess.Readiness.SHARED, directory, Map.of());
    }

    private Command run(Map<String, String> environment, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("run", ROUTES));
        arguments.addAll(List.of(options));
        if (!arguments.contains("--port")) {
            arguments.addAll(List.of("--port", "0"));
        }
        return Command.run(environment, arguments);
    }

    private static void assertRefused(Command command, String line) {
        assertThat(command.lines()).containsExactly(line);
        assertThat(command.exitCode()).isNotZero();
    }
}
