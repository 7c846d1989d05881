package dev.segno.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.sandbox.Sandbox;
import dev.segno.sandbox.SandboxSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.awaitility.core.ConditionTimeoutException;

/** The product sync package in a process of its own, with the sandbox as its peers, and what its users do with it. */
final class ProductSync implements AutoCloseable {

    static final String KEY = "k";
    static final String[] WITH_KEY = {"X-ADMIN-KEY", KEY};

    private static final String NOT_WHILE_TESTS_RUN = "0 0 0 1 1 ? 2099";
    private static final Set<String> OPEN = Set.of("QUEUED", "RUNNING", "WAITING");
    private static final Duration TIME_FOR_A_RUN = Duration.ofSeconds(60);

    private final Sandbox sandbox;
    private final SegnoProcess process;
    private final StandInClient fetcher;
    private final StandInClient maintainer;

    private ProductSync(Sandbox sandbox, Path directory, Map<String, String> more) {
        this.sandbox = sandbox;
        this.fetcher = new StandInClient(sandbox.uri("fetcher"));
        this.maintainer = new StandInClient(sandbox.uri("maintainer"));
        Map<String, String> environment = new HashMap<>(Map.of(
                "ADMIN_KEY",
                KEY,
                "FETCHER_URL",
                sandbox.uri("fetcher").toString(),
                "MAINTAINER_URL",
                sandbox.uri("maintainer").toString(),
                "RETRY_DELAY",
                "200",
                "SYNC_CRON",
                NOT_WHILE_TESTS_RUN));
        environment.putAll(more);
        this.process = new SegnoProcess(
                List.of("routes/product-sync"), SegnoProcess.Readiness.PRODUCT_SYNC, directory, environment);
    }

    /** Starts sandbox and program; data and output go into the directory. */
    static ProductSync start(Path directory) throws IOException {
        return start(directory, Map.of());
    }

    /** As {@link #start(Path)}, with more in the program's environment. */
    static ProductSync start(Path directory, Map<String, String> more) throws IOException {
        return start(directory, sandbox -> more);
    }

    /** As {@link #start(Path)}, with more settings, which may name services of the sandbox. */
    static ProductSync start(Path directory, Function<Sandbox, Map<String, String>> settings) throws IOException {
        Sandbox sandbox = Sandbox.start(SandboxSettings.onFreePorts(KEY));
        ProductSync sync = new ProductSync(sandbox, directory, settings.apply(sandbox));
        try {
            sync.process.start();
            return sync;
        } catch (IOException | RuntimeException | Error e) {
            sync.close();
            throw e;
        }
    }

    SegnoProcess process() {
        return process;
    }

    JsonClient http() {
        return process.client();
    }

    StandInClient fetcher() {
        return fetcher;
    }

    StandInClient maintainer() {
        return maintainer;
    }

    /** Any service of the sandbox by its name. */
    StandInClient standIn(String name) {
        return new StandInClient(sandbox.uri(name));
    }

    /** Empties the sandbox: no rows, no calls, no faults, 300,000 products. */
    void resetSandbox() throws Exception {
        fetcher.reset();
        maintainer.reset();
    }

    /**
     * Starts a sync, with the answer that a start must have.
     *
     * @param body the options, empty for none
     * @return the run's id
     */
    String begin(String body) throws Exception {
        JsonClient.Reply reply = http().post("/sync", body, WITH_KEY);
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        assertThat(reply.body().path("run_id").asText()).isNotEmpty();
        return reply.body().path("run_id").asText();
    }

    JsonNode status() throws Exception {
        JsonClient.Reply reply = http().get("/status", WITH_KEY);
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return reply.body();
    }

    /** The status once this run has ended, in whatever way. */
    JsonNode statusAtEnd(String runId) {
        try {
            return await().atMost(TIME_FOR_A_RUN)
                    .pollInterval(Duration.ofMillis(50))
                    .until(
                            this::status,
                            status -> !status.path("isRunning").asBoolean(true)
                                    && status.path("run_id").asText().equals(runId));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(e.getMessage() + System.lineSeparator() + process.tail(), e);
        }
    }

    /** The run as the API tells it. */
    JsonNode run(String runId) throws Exception {
        JsonClient.Reply reply = http().get("/api/runs/" + runId, WITH_KEY);
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return reply.body();
    }

    /** The run, once it has ended or is parked. */
    JsonNode runAtEnd(String runId) {
        return await().atMost(TIME_FOR_A_RUN)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> run(runId), run -> !OPEN.contains(run.path("state").asText()));
    }

    /** The runs of an orchestration, newest first. */
    List<JsonNode> runs(String orchestration) throws Exception {
        JsonClient.Reply reply = http().get("/api/runs?orchestration=" + orchestration, WITH_KEY);
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return StreamSupport.stream(reply.body().path("runs").spliterator(), false)
                .toList();
    }

    /** Retries a run and tells how it ended then. */
    JsonNode retry(String runId) throws Exception {
        JsonClient.Reply reply = http().post("/api/runs/" + runId + "/retry", "", WITH_KEY);
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return runAtEnd(runId);
    }

    /** The offsets of the chunks that the maintainer was asked for, in order, without the probe for more at the end. */
    List<Integer> offsets(int products) throws Exception {
        return maintainer.calls("/run").stream()
                .map(call -> call.path("offset").asInt(-1))
                .filter(offset -> offset != products)
                .toList();
    }

    @Override
    public void close() {
        try {
            process.close();
        } finally {
            sandbox.close();
        }
    }
}
