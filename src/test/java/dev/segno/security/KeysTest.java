package dev.segno.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.Application;
import dev.segno.GreetingRoutes;
import dev.segno.RouteLayout;
import dev.segno.api.ApiDocument;
import dev.segno.api.TestServer;
import dev.segno.cli.SegnoCommand;
import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import dev.segno.keys.ApiKey;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class KeysTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    private Application start(Map<String, String> settings) throws Exception {
        Path routes = directory.resolve("routes");
        for (String name : List.of("first", "second")) {
            Path file = routes.resolve(name + "/" + name + ".camel.yaml");
            Files.createDirectories(file.getParent());
            Files.writeString(file, GreetingRoutes.text(name, "1"));
        }
        return Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(routes), Path.of("routes")), "127.0.0.1", 0, data(), false),
                Settings.of(settings));
    }

    private Path data() {
        return directory.resolve("data");
    }

    private static HttpResponse<String> send(Application node, String key, String method, String path, String body)
            throws Exception {
        HttpRequest.BodyPublisher sent =
                body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        return HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
                        .header("Authorization", "Bearer " + key)
                        .method(method, sent)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static int status(Application node, String key, String method, String path) throws Exception {
        return send(node, key, method, path, "").statusCode();
    }

    private static JsonNode make(Application node, String admin, String body) throws Exception {
        HttpResponse<String> made = send(node, admin, "POST", "/api/keys", body);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return JSON.readTree(made.body());
    }

    @Test
    void S19_keysAreMadeShownOnceKeptAsDigestsAndTakenBack() throws Exception {
        JsonNode admin;
        JsonNode limited;
        JsonNode lapsing;
        try (Application node = start(Map.of("SEGNO_ADMIN_KEYS", "root=root-key", "SEGNO_API_KEYS", "ops=ops-key"))) {
            assertThat(status(node, "ops-key", "GET", "/api/keys")).isEqualTo(403);
            assertThat(send(node, "ops-key", "POST", "/api/keys", "{\"name\":\"me\",\"role\":\"admin\"}")
                            .statusCode())
                    .isEqualTo(403);
            admin = make(node, "root-key", "{\"name\":\"boss\",\"role\":\"admin\"}");
            limited = make(
                    node,
                    admin.path("key").asText(),
                    "{\"name\":\"ci\",\"role\":\"operator\",\"scope\":[\"first\"],\"expiresIn\":\"90d\"}");
            lapsing = make(node, "root-key", "{\"name\":\"short\",\"role\":\"viewer\",\"expiresIn\":\"1ms\"}");
            for (String wrong : List.of(
                    "{\"name\":\"x\"}",
                    "{\"name\":\"x\",\"role\":\"god\"}",
                    "{\"name\":\"x y\",\"role\":\"viewer\"}",
                    "{\"name\":\"x\",\"role\":\"viewer\",\"scope\":[]}",
                    "{\"name\":\"x\",\"role\":\"viewer\",\"scope\":\"first\"}",
                    "{\"name\":\"x\",\"role\":\"viewer\",\"expiresIn\":\"soon\"}",
                    "{\"name\":\"x\",\"role\":\"viewer\",\"id\":\"01\"}")) {
                assertThat(send(node, "root-key", "POST", "/api/keys", wrong).statusCode())
                        .as(wrong)
                        .isEqualTo(400);
            }

            String key = limited.path("key").asText();
            assertThat(key)
                    .matches("sgn_[A-Za-z0-9_-]{8}_[A-Za-z0-9_-]{43}")
                    .startsWith(limited.path("prefix").asText());
            assertThat(status(node, lapsing.path("key").asText(), "GET", "/api/runs"))
                    .isEqualTo(401);
            assertThat(status(node, key.substring(0, 54) + (key.endsWith("AA") ? "BB" : "AA"), "GET", "/api/runs"))
                    .isEqualTo(401);

            String list = send(node, "root-key", "GET", "/api/keys", "").body();
            assertThat(JSON.readTree(list).path("keys")).hasSize(3);
            assertThat(list).contains(limited.path("prefix").asText()).doesNotContain(key, "digest");
        }
        try (Application node = start(Map.of("SEGNO_API_KEYS", "ops=ops-key"))) {
            assertThat(status(node, limited.path("key").asText(), "GET", "/api/runs?orchestration=first"))
                    .isEqualTo(200);
            assertThat(status(
                            node,
                            admin.path("key").asText(),
                            "DELETE",
                            "/api/keys/" + limited.path("id").asText()))
                    .isEqualTo(200);
            assertThat(status(node, limited.path("key").asText(), "GET", "/api/runs?orchestration=first"))
                    .isEqualTo(401);
            assertThat(status(node, admin.path("key").asText(), "DELETE", "/api/keys/none"))
                    .isEqualTo(404);
        }
        // Without any other key, what was once a key keeps the door shut.
        try (Application node = start(Map.of())) {
            assertThat(status(node, limited.path("key").asText(), "GET", "/api/runs"))
                    .isEqualTo(401);
            assertThat(status(node, admin.path("key").asText(), "GET", "/api/runs"))
                    .isEqualTo(200);
        }
        for (JsonNode made : List.of(admin, limited, lapsing)) {
            assertThat(filesHolding(made.path("key").asText())).isEmpty();
        }
    }

    private List<Path> filesHolding(String text) throws Exception {
        byte[] wanted = text.getBytes(StandardCharsets.ISO_8859_1);
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(data()).filter(Files::isRegularFile)) {
            for (Path file : files.toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                        .contains(new String(wanted, StandardCharsets.ISO_8859_1))) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    @Test
    void S19_aKeyForSomeOrchestrationsReachesNothingElse() throws Exception {
        try (Application node = start(Map.of("SEGNO_ADMIN_KEYS", "root=root-key"))) {
            String key = make(node, "root-key", "{\"name\":\"ci\",\"role\":\"operator\",\"scope\":[\"first\"]}")
                    .path("key")
                    .asText();
            String first = "/api/orchestrations/first/runs?wait=30s";
            HttpResponse<String> own = send(node, key, "POST", first, "{}");
            assertThat(own.statusCode()).as(own.body()).isEqualTo(200);
            String ownRun = "/api/runs/" + JSON.readTree(own.body()).path("id").asText();
            HttpResponse<String> foreign = send(node, "root-key", "POST", first.replace("first", "second"), "{}");
            String foreignRun =
                    "/api/runs/" + JSON.readTree(foreign.body()).path("id").asText();

            for (String allowed : List.of(ownRun, "/api/runs?orchestration=first", "/api/orchestrations/first")) {
                assertThat(status(node, key, "GET", allowed)).as(allowed).isEqualTo(200);
            }
            assertThat(status(node, "root-key", "GET", foreignRun)).isEqualTo(200);
            for (String hidden : List.of(foreignRun, foreignRun + "/events")) {
                assertThat(status(node, key, "GET", hidden)).as(hidden).isEqualTo(404);
            }
            for (String action : List.of("/cancel", "/retry", "/fork", "/give-up", "/signals/go")) {
                String body = action.equals("/fork") ? "{\"from\":\"somewhere\"}" : "";
                assertThat(send(node, key, "POST", foreignRun + action, body).statusCode())
                        .as(action)
                        .isEqualTo(404);
            }
            for (String closed : List.of(
                    "/api/runs",
                    "/api/runs?orchestration=second",
                    "/api/runs?orchestration=first&orchestration=second",
                    "/api/orchestrations",
                    "/api/orchestrations/second",
                    "/api/orchestrations/first%2f..%2fsecond",
                    "/api/orchestrations/%73econd",
                    "/api/orchestrations/first/../second",
                    "/api/schedules",
                    "/api/sagas",
                    "/api/dead-letters",
                    "/api/routes/first/first.camel.yaml",
                    "/api/audit",
                    "/api/keys")) {
                assertThat(status(node, key, "GET", closed)).as(closed).isIn(400, 403, 404);
            }
            assertThat(status(node, key, "POST", "/second")).isEqualTo(403);
            assertThat(status(node, key, "POST", "/api/orchestrations/second/runs"))
                    .isEqualTo(403);
        }
    }

    @Test
    void S19_tenWrongCredentialsLockAnAddressForAWhile() throws Exception {
        try (TestServer server = TestServer.start(
                Map.of("SEGNO_API_KEYS", "ci=key-one"),
                List.of(),
                new RouteBuilder() {
                    @Override
                    public void configure() {}
                },
                router -> router.get("/api/who").handler(ctx -> ctx.end("somebody")))) {
            for (int i = 0; i < 20; i++) {
                assertThat(server.get("/api/who").statusCode()).isEqualTo(401);
            }
            for (int i = 0; i < Lockouts.FAILURES; i++) {
                assertThat(server.get("/api/who", "X-Api-Key", "guess-" + i).statusCode())
                        .isEqualTo(401);
            }
            HttpResponse<String> locked = server.get("/api/who", "X-Api-Key", "key-one");
            assertThat(locked.statusCode()).isEqualTo(429);
            assertThat(Integer.parseInt(
                            locked.headers().firstValue("Retry-After").orElseThrow()))
                    .isBetween(1, 61);
            assertThat(server.get("/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void S19_keysOfTheNodeCannotBeGuessedAtThePackagesDoor() throws Exception {
        Map<String, String> settings = Map.of("SEGNO_API_KEYS", "ci=key-one", "SHOP_KEY", "of-the-shop");
        Path document = Files.writeString(directory.resolve("openapi.yaml"), """
                openapi: 3.1.0
                paths:
                  /shop:
                    get:
                      security: [{ own: [] }]
                components:
                  securitySchemes:
                    own: { type: apiKey, in: header, name: X-Shop-Key, x-segno-setting: SHOP_KEY }
                """);
        try (TestServer server = TestServer.start(
                settings,
                List.of(ApiDocument.load(document, Settings.of(settings))),
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("platform-http:/shop").setBody(constant("open"));
                    }
                },
                router -> router.get("/api/who").handler(ctx -> ctx.end("somebody")))) {
            assertThat(server.get("/shop", "X-Api-Key", "key-one").statusCode()).isEqualTo(200);
            for (int i = 0; i < Lockouts.FAILURES; i++) {
                assertThat(server.get("/shop", "X-Api-Key", "guess-" + i).statusCode())
                        .isEqualTo(401);
            }
            assertThat(server.get("/shop", "X-Api-Key", "key-one").statusCode()).isEqualTo(401);
            assertThat(server.get("/shop", "X-Shop-Key", "of-the-shop").statusCode())
                    .isEqualTo(200);
            assertThat(server.get("/api/who", "X-Api-Key", "key-one").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void S19_locksEndAndTheirTableIsBounded() {
        AtomicLong now = new AtomicLong();
        Lockouts lockouts = new Lockouts(10, now::get);
        for (int i = 0; i < 9; i++) {
            lockouts.failed("192.0.2.1");
        }
        now.addAndGet(Lockouts.WINDOW.toNanos());
        lockouts.failed("192.0.2.1");
        assertThat(lockouts.remaining("192.0.2.1")).isEmpty();
        for (int i = 0; i < 9; i++) {
            lockouts.failed("192.0.2.1");
        }
        assertThat(lockouts.remaining("192.0.2.1")).contains(Lockouts.WINDOW);
        assertThat(lockouts.remaining("192.0.2.2")).isEmpty();
        now.addAndGet(Lockouts.WINDOW.toNanos());
        assertThat(lockouts.remaining("192.0.2.1")).isEmpty();

        for (int i = 0; i < 10; i++) {
            lockouts.failed("2001:db8:1:2::" + i);
        }
        assertThat(lockouts.remaining("2001:db8:1:2:ffff::1")).isPresent();
        assertThat(lockouts.remaining("2001:db8:1:3::1")).isEmpty();
        for (int i = 0; i < 3 * Lockouts.MAX_ADDRESSES; i++) {
            lockouts.failed("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255));
        }
        assertThat(lockouts.size()).isEqualTo(Lockouts.MAX_ADDRESSES);
    }

    private static String[] segno(int expected, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(new SegnoCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println(failure.getMessage());
                    return 1;
                })
                .execute(args);
        assertThat(code).as(Arrays.toString(args) + err).isEqualTo(expected);
        return new String[] {out.toString().strip(), err.toString()};
    }

    @Test
    void S19_keysAreMadeListedAndTakenBackFromTheCommandLine() throws Exception {
        start(Map.of()).close();
        String data = data().toString();
        String key = segno(0, "keys", "create", "boss", "--role", "admin", "--data", data)[0];
        String listed = segno(0, "keys", "list", "--data", data)[0];
        assertThat(listed)
                .contains("  admin  boss  all  good")
                .contains(key.substring(0, 12))
                .doesNotContain(key);
        assertThat(segno(1, "keys", "create", "x", "--role", "god", "--data", data)[1])
                .contains("role must be one of viewer");
        assertThat(segno(1, "keys", "list", "--data", data + "-none")[1]).contains("There is no store");
        try (Application node = start(Map.of())) {
            assertThat(status(node, key, "GET", "/api/keys")).isEqualTo(200);
            assertThat(segno(1, "keys", "list", "--data", data)[1]).contains("A node is at work", "--url");
            assertThat(segno(1, "keys", "list", "--url", "http://127.0.0.1:" + node.port())[1])
                    .contains("SEGNO_KEY");
        }
        String id = listed.substring(0, 26);
        assertThat(segno(0, "keys", "revoke", id, "--data", data)[0]).contains("is revoked");
        assertThat(segno(0, "keys", "list", "--data", data)[0]).contains("revoked");
    }

    @Test
    void S19_tokensOfAFileHaveRolesAndAuthModeSaysWhetherTheyAreNeeded() throws Exception {
        Path file = directory.resolve("tokens");
        Files.writeString(
                file,
                "# who may what\n\nwatcher viewer token-one\nops  operator  sha256:" + Sha256.hex("token two") + "\n");
        Map<String, String> settings = Map.of("AUTH_MODE", "token", "API_TOKENS_FILE", file.toString());
        try (Application node = start(settings)) {
            assertThat(status(node, "wrong", "GET", "/api/runs")).isEqualTo(401);
            assertThat(status(node, "token two", "GET", "/api/runs")).isEqualTo(200);
            assertThat(send(node, "token-one", "POST", "/api/orchestrations/first/runs", "{}")
                            .statusCode())
                    .isEqualTo(403);
        }
        try (Application node = start(Map.of("AUTH_MODE", "token"))) {
            assertThat(status(node, "any", "GET", "/api/runs")).isEqualTo(401);
        }
        for (Map<String, String> wrong : List.of(
                Map.of("AUTH_MODE", "none", "API_TOKENS_FILE", file.toString()),
                Map.of("AUTH_MODE", "none", "SEGNO_API_KEYS", "a=b"),
                Map.of("AUTH_MODE", "maybe"),
                Map.of("API_TOKENS_FILE", file + "-none"))) {
            assertThatThrownBy(() -> NodeCredentials.from(Settings.of(wrong))).isInstanceOf(SettingsException.class);
        }
        for (String line : List.of("one", "a viewer", "a god secret-token", "a viewer secret-token\na viewer other")) {
            Files.writeString(file, line);
            assertThatThrownBy(() -> NodeCredentials.from(Settings.of(settings)))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining(file + ":")
                    .hasMessageNotContaining("secret-token");
        }
    }

    @Test
    void keysAreNotPrinted() throws Exception {
        StoredKeys keys = new StoredKeys(Clock.systemUTC());
        assertThat(new StoredKeys.Made(
                                new ApiKey(
                                        "id",
                                        "sgn_prefix",
                                        "digest",
                                        "n",
                                        "viewer",
                                        null,
                                        Instant.EPOCH,
                                        "me",
                                        null,
                                        null),
                                "secret")
                        .toString())
                .isEqualTo("Made[sgn_prefix]");
        assertThat(keys.isEmpty()).isTrue();
    }
}
