package dev.segno.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node counts, as Prometheus reads it, and whether what ships for Prometheus and Grafana asks for that. */
class MetricsTest {

    private static final Pattern NAME = Pattern.compile("\\b(?:segno|jvm|process|system)_[a-z_]+\\b");

    private static ObservedNode node;
    private static String text = "";

    @TempDir
    private static Path directory;

    /** One node with one run that completes after a failed try, and one that is parked. */
    @BeforeAll
    static void run() throws Exception {
        node = new ObservedNode(
                directory,
                Map.of(
                        "segno.otlp.endpoint", "http://127.0.0.1:9",
                        "LOG_COLLECTOR_URL", "http://127.0.0.1:9"));
        node.refusals.set(1);
        assertThat(node.run("greet").path("state").asText()).isEqualTo("COMPLETED");
        node.refusals.set(1_000);
        assertThat(node.run("greet").path("state").asText()).isEqualTo("PARKED");
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            HttpResponse<String> answer = node.send("GET", "/api/metrics", "");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
            text = answer.body();
            // Pauses are told of once there was one since somebody asked.
            System.gc();
            assertThat(text).contains("jvm_gc_pause_seconds_sum");
            assertThat(text).contains("segno_runs_ended_total{orchestration=\"greet\",outcome=\"parked\"} 1.0");
        });
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void countsRunsByWhatBecameOfThem() {
        assertThat(text)
                .contains("segno_runs_started_total{orchestration=\"greet\"} 2.0")
                .contains("segno_runs_ended_total{orchestration=\"greet\",outcome=\"completed\"} 1.0")
                .contains("segno_run_duration_seconds_count{orchestration=\"greet\"} 1")
                .contains("segno_runs_open{orchestration=\"greet\",state=\"parked\"} 1.0")
                .contains("segno_runs_live 0.0");
    }

    @Test
    void countsEachTryOfAStepAndTakesTheItemsOfASplitForOne() {
        assertThat(text)
                .contains("segno_step_attempts_total{orchestration=\"greet\",outcome=\"failed\",step=\"deliver\"} 3.0")
                .contains(
                        "segno_step_attempts_total{orchestration=\"greet\",outcome=\"completed\",step=\"deliver\"} 1.0")
                .contains(
                        "segno_step_attempts_total{orchestration=\"greet\",outcome=\"completed\",step=\"each/say\"} 4.0")
                .contains("segno_step_duration_seconds_count{orchestration=\"greet\",step=\"look-up\"} 2")
                .contains("segno_service_calls_total{outcome=\"5xx\",service=\"mail\"} 3.0");
    }

    @Test
    void measuresTheStoreTheThreadsAndJava() {
        assertThat(text)
                .containsPattern("segno_store_commit_seconds_count [1-9]")
                .containsPattern("segno_store_commit_writes_sum [1-9]")
                .contains("segno_store_writable 1.0")
                .containsPattern("segno_store_writes_queued \\d")
                .containsPattern("segno_run_threads [1-9]")
                .contains("jvm_memory_used_bytes{")
                .containsPattern("segno_log_lines_dropped_total \\d")
                .containsPattern("segno_spans_dropped_total \\d");
    }

    @Test
    void whatDataCouldFillIsBounded() {
        Series<int[]> series = new Series<>(java.util.List.of("step"), () -> new int[1]);
        for (int i = 0; i < 5_000; i++) {
            series.of("step-" + i)[0]++;
        }
        assertThat(series.all()).hasSizeLessThanOrEqualTo(2_001);
        assertThat(series.of("other")[0]).isEqualTo(5_000 - 2_000);
    }

    /** A renamed figure would otherwise silence an alert without anybody noticing. */
    @Test
    void alertsAndDashboardsAskForWhatTheNodeExposes() throws IOException {
        Set<String> exposed = names(text);
        for (String file : new String[] {"config/prometheus/segno-alerts.yml", "config/grafana/segno.json"}) {
            Set<String> asked = names(Files.readString(Path.of(file)));
            assertThat(asked).as(file).hasSizeGreaterThan(5);
            Set<String> missing = new TreeSet<>(asked);
            missing.removeAll(exposed);
            assertThat(missing).as(file + " asks for what nobody exposes").isEmpty();
        }
    }

    private static Set<String> names(String from) {
        return NAME.matcher(from).results().map(found -> found.group()).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theDashboardIsOne() throws IOException {
        JsonNode dashboard =
                new ObjectMapper().readTree(Path.of("config/grafana/segno.json").toFile());
        assertThat(dashboard.path("title").asText()).isEqualTo("Segno");
        assertThat(dashboard.path("panels")).hasSizeGreaterThan(6).allSatisfy(panel -> {
            assertThat(panel.path("title").asText()).isNotEmpty();
            assertThat(panel.path("targets")).isNotEmpty();
        });
    }
}
