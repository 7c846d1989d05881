package dev.segno.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.Application;
import dev.segno.GreetingRoutes;
import dev.segno.RouteLayout;
import dev.segno.audit.Act;
import dev.segno.audit.AuditChain;
import dev.segno.audit.AuditEntry;
import dev.segno.cli.SegnoCommand;
import dev.segno.control.Settings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AuditTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    private int send(Application node, String key, String method, String path, String body) throws Exception {
        HttpRequest.BodyPublisher sent =
                body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        return http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
                                .header("X-Api-Key", key)
                                .method(method, sent)
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** Entries as {@code caller action target result}, the oldest first. */
    private List<String> entries(Application node) throws Exception {
        JsonNode page = JSON.readTree(http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + "/api/audit?limit=100"))
                                .header("X-Api-Key", "root-key")
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
        List<String> entries = new ArrayList<>();
        for (JsonNode entry : page.path("entries")) {
            assertThat(entry.path("address").asText()).isEqualTo("127.0.0.1");
            assertThat(entry.path("hash").asText()).hasSize(64);
            entries.add(
                    0,
                    String.join(
                            " ",
                            entry.path("caller").asText(),
                            entry.path("action").asText(),
                            entry.path("target").asText(),
                            entry.path("result").asText(),
                            entry.path("reason").asText()));
        }
        return entries;
    }

    private record Printed(int code, String text) {}

    private static Printed verify(Path data, String... more) {
        StringWriter out = new StringWriter();
        List<String> args = new ArrayList<>(List.of("audit", "verify", "--data", data.toString()));
        args.addAll(List.of(more));
        int code = new CommandLine(new SegnoCommand())
                .setOut(new PrintWriter(out))
                .setExecutionExceptionHandler((failure, command, parsed) -> 1)
                .execute(args.toArray(String[]::new));
        return new Printed(code, out.toString().strip());
    }

    @Test
    void S20_whatCallersChangeAndAreRefusedIsRecordedAndTamperingIsFound() throws Exception {
        Path routes = directory.resolve("routes");
        Files.createDirectories(routes.resolve("first"));
        Files.writeString(routes.resolve("first/first.camel.yaml"), GreetingRoutes.text("first", "1"));
        Path data = directory.resolve("data");
        String head;
        try (Application node = Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(routes), Path.of("routes")), "127.0.0.1", 0, data, false),
                Settings.of(Map.of("SEGNO_ADMIN_KEYS", "root=root-key", "SEGNO_API_KEYS", "ops=ops-key")))) {
            assertThat(send(node, "root-key", "POST", "/api/keys", "{\"name\":\"a\",\"role\":\"viewer\"}"))
                    .isEqualTo(201);
            assertThat(send(node, "ops-key", "POST", "/api/orchestrations/first/disable?key=hidden", ""))
                    .isEqualTo(400);
            assertThat(send(node, "ops-key", "POST", "/api/runs/01ARZ3NDEKTSV4RRFFQ69G5FAV/cancel", ""))
                    .isEqualTo(404);
            assertThat(send(node, "ops-key", "GET", "/api/runs", "")).isEqualTo(200);
            assertThat(send(node, "ops-key", "GET", "/api/audit", "")).isEqualTo(403);
            for (int i = 0; i < 5; i++) {
                assertThat(send(node, "wrong-key", "GET", "/api/runs", "")).isEqualTo(401);
            }
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(entries(node))
                            .containsExactlyInAnyOrder(
                                    "root POST /api/keys DONE 201",
                                    "ops POST /api/orchestrations/first/disable REFUSED 400",
                                    "ops POST /api/runs/01ARZ3NDEKTSV4RRFFQ69G5FAV/cancel REFUSED 404",
                                    "ops listAuditEntries /api/audit REFUSED This needs the role editor",
                                    "nobody GET /api/runs REFUSED 401"));
            // A node may be at work meanwhile.
            Printed whole = verify(data);
            assertThat(whole.code()).isZero();
            assertThat(whole.text()).startsWith("5 entries are whole");
            head = whole.text().substring(whole.text().indexOf("head ") + 5);
        }
        assertThat(verify(data, "--head", head).code()).isZero();

        expectFault(data, head, "UPDATE audit SET caller = 'other' WHERE sequence = 2", "entry 2 was changed", false);
        expectFault(data, head, "UPDATE audit SET result = 'DONE' WHERE sequence = 4", "entry 4 was changed", false);
        expectFault(data, head, "DELETE FROM audit WHERE sequence = 3", "entry 3 is missing", false);
        expectFault(data, head, "DELETE FROM audit WHERE sequence = 1", "entry 1 is missing", false);
        expectFault(data, head, "UPDATE audit SET hash = NULL WHERE sequence = 5", "entry 5 ", false);
        expectFault(data, head, "DELETE FROM audit WHERE sequence >= 4", "entry 4 is missing: the record ends", true);
        expectFault(data, head, "DELETE FROM audit", "entry 1 is missing: the record ends", true);
    }

    @Test
    void S20_whatTriggersStartIsRecorded() throws Exception {
        Path routes = Files.createDirectories(directory.resolve("routes/first"));
        Files.writeString(routes.resolve("first.camel.yaml"), GreetingRoutes.text("first", "1"));
        Files.writeString(routes.resolve("nightly.camel.yaml"), """
                - route:
                    id: nightly
                    from:
                      uri: quartz:nightly
                      parameters: { cron: "0 0 3 * * ?" }
                      steps:
                        - to: orchestration:first
                """);
        try (Application node = Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(directory.resolve("routes")), Path.of("routes")),
                        "127.0.0.1",
                        0,
                        directory.resolve("data"),
                        false),
                Settings.of(Map.of("SEGNO_ADMIN_KEYS", "root=root-key", "SEGNO_API_KEYS", "ops=ops-key")))) {
            assertThat(send(node, "ops-key", "POST", "/first", "")).isEqualTo(200);
            assertThat(send(node, "root-key", "POST", "/api/schedules/nightly/trigger", ""))
                    .isLessThan(300);

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(starts(node))
                            .satisfiesExactlyInAnyOrder(
                                    entry -> assertThat(entry).matches("ops first run \\w{26} by platform-http:/first"),
                                    entry -> assertThat(entry)
                                            .matches("quartz:nightly first run \\w{26} by quartz:nightly")));
        }
    }

    private List<String> starts(Application node) throws Exception {
        List<String> starts = new ArrayList<>();
        JSON.readTree(http.send(
                                HttpRequest.newBuilder(
                                                URI.create("http://127.0.0.1:" + node.port() + "/api/audit?limit=100"))
                                        .header("X-Api-Key", "root-key")
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body())
                .path("entries")
                .forEach(entry -> {
                    if (entry.path("action").asText().equals("start")) {
                        starts.add(String.join(
                                " ",
                                entry.path("caller").asText(),
                                entry.path("target").asText(),
                                entry.path("reason").asText()));
                    }
                });
        return starts;
    }

    /** @param onlyWithHead whether the fault can be found only by who has the head from before */
    private void expectFault(Path data, String head, String sql, String fault, boolean onlyWithHead) throws Exception {
        Path copy = directory.resolve("copy");
        Files.createDirectories(copy);
        Files.copy(data.resolve("segno.db"), copy.resolve("segno.db"), StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(copy.resolve("segno.db-wal"));
        Files.deleteIfExists(copy.resolve("segno.db-shm"));
        if (Files.exists(data.resolve("segno.db-wal"))) {
            Files.copy(data.resolve("segno.db-wal"), copy.resolve("segno.db-wal"));
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy.resolve("segno.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("DROP TRIGGER audit_stays");
            statement.executeUpdate("DROP TRIGGER audit_is_kept");
            statement.executeUpdate(sql);
        }
        Printed found = verify(copy, "--head", head);
        assertThat(found.code()).as(sql).isNotZero();
        assertThat(found.text()).as(sql).contains(fault);
        assertThat(verify(copy).code() == 0).as(sql).isEqualTo(onlyWithHead);
    }

    @Test
    void S20_aRowWhoseOwnSumWasMendedIsFoundByItsHash() {
        AuditChain chain = new AuditChain(null);
        Act act = new Act("a", "b", "c", "d", null);
        AuditEntry first = new AuditEntry(0, Instant.EPOCH, act, AuditEntry.Result.DONE, null, null, null, null)
                .at(1, AuditChain.START);
        assertThat(chain.add(first)).isEmpty();
        AuditEntry forged =
                new AuditEntry(2, Instant.EPOCH, act, AuditEntry.Result.DONE, null, null, null, first.hash());
        assertThat(chain.add(forged)).contains("entry 2 was changed, or one before it was taken away");
    }

    @Test
    void S20_aMillionDenialsMakeFewEntries() {
        AtomicLong now = new AtomicLong();
        Denials denials = new Denials(now::get);
        int kept = 0;
        for (int i = 0; i < 1_000_000; i++) {
            kept += denials.add("10.0." + (i >> 8 & 255) + "." + (i & 255), 401).isPresent() ? 1 : 0;
        }
        assertThat(kept).isEqualTo(Denials.MOST);
        now.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(denials.add("10.0.0.1", 401)).isEqualTo(Optional.of(", and 999970 more were refused before"));
        assertThat(denials.add("10.0.0.1", 401)).isEmpty();
        assertThat(denials.add("10.0.0.1", 403)).contains("");
    }
}
