package dev.segno;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.control.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Route files are read, saved and deleted over HTTP, and nothing else is. */
class RouteUploadTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EDITOR = "editor-key";
    private static final String OPERATOR = "operator-key";
    private static final String FIRST = "/api/routes/first/first.camel.yaml";
    private static final String CANARY = "canary: nobody may read this";

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    private Path routes;
    private Path first;
    private @Nullable Application application;

    @BeforeEach
    void start() throws Exception {
        routes = directory.resolve("routes");
        first = routes.resolve("first/first.camel.yaml");
        Files.createDirectories(first.getParent());
        Files.writeString(first, GreetingRoutes.text("first", "1"));
        Files.writeString(directory.resolve("outside.camel.yaml"), CANARY);
        // Without the watcher: what is served is what was answered, and not what was found later.
        start(Map.of(
                "SEGNO_API_KEYS", "ops=" + OPERATOR,
                "SEGNO_EDITOR_KEYS", "ed=" + EDITOR,
                "segno.routes.watch", "false"));
    }

    private void start(Map<String, String> settings) throws Exception {
        application = Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(routes), Path.of("routes")),
                        "127.0.0.1",
                        0,
                        directory.resolve("data"),
                        false),
                Settings.of(settings));
    }

    @AfterEach
    void stop() {
        if (application != null) {
            application.close();
            application = null;
        }
    }

    private int port() {
        return Objects.requireNonNull(application).port();
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        return http.send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }

    private HttpResponse<String> edit(String method, String path, String body, String... condition) throws Exception {
        String[] headers = Stream.concat(Stream.of("X-Api-Key", EDITOR), Stream.of(condition))
                .toArray(String[]::new);
        return send(method, path, body, headers);
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    private String etag(String path) throws Exception {
        return edit("GET", path, "").headers().firstValue("ETag").orElse("none");
    }

    private String ask(String name) throws Exception {
        HttpResponse<String> answer = edit("POST", "/" + name, "{}");
        return answer.statusCode() == 200 ? json(answer).asText() : String.valueOf(answer.statusCode());
    }

    /** Every file and folder below the directory but the store, with its content. */
    private Map<String, String> tree() throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.filter(path -> !path.startsWith(directory.resolve("data")))
                    .toList()) {
                boolean file = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
                tree.put(directory.relativize(path).toString(), file ? Files.readString(path) : "");
            }
        }
        return tree;
    }

    @Test
    void aFileIsMadeReplacedAndDeletedAndIsInUseWhenItIsAnswered() throws Exception {
        String second = "/api/routes/second/second.camel.yaml";
        HttpResponse<String> made = edit("PUT", second, GreetingRoutes.text("second", "1"), "If-None-Match", "*");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(json(made).path("orchestration").asText()).isEqualTo("second");
        assertThat(json(made).path("problems")).isEmpty();
        String version = json(made).path("version").asText();
        assertThat(version).isNotBlank();
        assertThat(ask("second")).isEqualTo("1");

        HttpResponse<String> read = send("GET", second, "", "X-Api-Key", OPERATOR);
        assertThat(read.body()).isEqualTo(GreetingRoutes.text("second", "1"));
        String etag = read.headers().firstValue("ETag").orElseThrow();
        assertThat(etag)
                .isEqualTo(json(made).path("etag").asText())
                .isEqualTo(made.headers().firstValue("ETag").orElse(""));
        assertThat(edit("GET", second, "", "If-None-Match", etag).statusCode()).isEqualTo(304);

        HttpResponse<String> replaced = edit("PUT", second, GreetingRoutes.text("second", "2"), "If-Match", etag);
        assertThat(replaced.statusCode()).isEqualTo(200);
        assertThat(json(replaced).path("version").asText()).isNotBlank().isNotEqualTo(version);
        assertThat(ask("second")).isEqualTo("2");
        assertThat(routes.resolve("second/second.camel.yaml")).hasContent(GreetingRoutes.text("second", "2"));
        assertThat(routes.resolve("second")).isDirectoryNotContaining(path -> !path.endsWith("second.camel.yaml"));

        assertThat(edit("DELETE", second, "", "If-Match", etag).statusCode()).isEqualTo(412);
        assertThat(edit("DELETE", second, "").statusCode()).isEqualTo(428);
        assertThat(edit("DELETE", second, "", "If-Match", etag(second)).statusCode())
                .isEqualTo(200);
        assertThat(routes.resolve("second/second.camel.yaml")).doesNotExist();
        await().atMost(Duration.ofSeconds(30)).until(() -> ask("second"), "404"::equals);
        assertThat(edit("POST", "/api/orchestrations/second/runs", "{}").statusCode())
                .isEqualTo(404);
        assertThat(edit("GET", second, "").statusCode()).isEqualTo(404);
        assertThat(edit("DELETE", second, "", "If-Match", etag).statusCode()).isEqualTo(404);
        assertThat(ask("first")).isEqualTo("1");
    }

    @Test
    void whatIsChangedIsSaidAndMustBeSo() throws Exception {
        String now = etag(FIRST);
        String other = now.replace(now.charAt(1), now.charAt(1) == 'a' ? 'b' : 'a');
        Map<String, String> before = tree();
        Object[][] refused = {
            {428, new String[] {}},
            {412, new String[] {"If-Match", other}},
            {412, new String[] {"If-Match", "W/" + now}},
            {412, new String[] {"If-None-Match", "*"}},
            {400, new String[] {"If-Match", now.replace("\"", "")}},
            {400, new String[] {"If-None-Match", now}},
            {400, new String[] {"If-Match", now, "If-None-Match", "*"}},
        };
        for (Object[] one : refused) {
            HttpResponse<String> answer = edit("PUT", FIRST, GreetingRoutes.text("first", "2"), (String[]) one[1]);
            assertThat(answer.statusCode())
                    .as(String.join(" ", (String[]) one[1]))
                    .isEqualTo(one[0]);
        }
        assertThat(edit("PUT", "/api/routes/first/none.camel.yaml", GreetingRoutes.text("none", "1"), "If-Match", "*")
                        .statusCode())
                .isEqualTo(412);
        assertThat(tree()).isEqualTo(before);
        assertThat(ask("first")).isEqualTo("1");
        HttpResponse<String> list =
                edit("PUT", FIRST, GreetingRoutes.text("first", "2"), "If-Match", other + " , " + now);
        assertThat(list.statusCode()).isEqualTo(200);
    }

    @Test
    void aTextThatDoesNotLoadChangesNothingAndIsToldAsByValidate() throws Exception {
        String etag = etag(FIRST);
        Map<String, String> before = tree();
        List<String> bad = List.of(
                GreetingRoutes.text("first", "2").replace("constant", "constants"),
                GreetingRoutes.text("first", "2").replace("setBody", "script"),
                "- route:\n  - [",
                "- beans:\n    - {name: out, type: java.io.FileOutputStream}\n");
        for (String text : bad) {
            HttpResponse<String> refused = edit("PUT", FIRST, text, "If-Match", etag);
            HttpResponse<String> told = edit("POST", "/api/orchestrations/validate?path=first/first.camel.yaml", text);
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(json(refused).at("/error/details")).isEqualTo(json(told).at("/error/details"));
            assertThat(json(refused).at("/error/details/problems/0/line").asInt())
                    .isPositive();
        }
        // The checks let this pass, and Camel does not.
        HttpResponse<String> built = edit(
                "PUT",
                FIRST,
                GreetingRoutes.text("first", "2").replace("httpMethodRestrict: POST", "useBodyHandler: false"),
                "If-Match",
                etag);
        assertThat(built.statusCode()).isEqualTo(422);
        assertThat(built.body()).contains("useBodyHandler=false");
        HttpResponse<String> clash = edit(
                "PUT",
                "/api/routes/other/deeper/first.camel.yaml",
                GreetingRoutes.text("first", "2"),
                "If-None-Match",
                "*");
        assertThat(clash.statusCode()).isEqualTo(422);
        assertThat(clash.body()).contains("is defined in first/first.camel.yaml already");
        assertThat(edit("PUT", FIRST, "", "If-Match", etag).statusCode()).isEqualTo(422);
        assertThat(edit("PUT", FIRST, "#".repeat(1_100_000), "If-Match", etag).statusCode())
                .isEqualTo(413);

        assertThat(tree()).isEqualTo(before);
        assertThat(ask("first")).isEqualTo("1");
        assertThat(json(edit("GET", "/api/orchestrations", "")).path("problems"))
                .isEmpty();
    }

    /** Names as they come over the wire, behind {@code /api/routes/}. */
    private static List<String> traversals() {
        return List.of(
                "../outside.camel.yaml",
                "first/../../outside.camel.yaml",
                "first/../first/first.camel.yaml",
                "../routes/first/first.camel.yaml",
                "./outside.camel.yaml",
                "first/./new.camel.yaml",
                "%2e%2e/outside.camel.yaml",
                "first/%2e%2e/%2e%2e/outside.camel.yaml",
                "first%2f..%2f..%2foutside.camel.yaml",
                "..%2foutside.camel.yaml",
                "..%5coutside.camel.yaml",
                "first%5c..%5c..%5coutside.camel.yaml",
                "%252e%252e/outside.camel.yaml",
                "first/%252e%252e%252foutside.camel.yaml",
                "first/%c0%ae%c0%ae/outside.camel.yaml",
                "first/new%00.camel.yaml",
                "first/new.camel.yaml%00.txt",
                "/etc/passwd.camel.yaml",
                "//outside.camel.yaml",
                "first//new.camel.yaml",
                "%2ftmp%2foutside.camel.yaml",
                "C:/outside.camel.yaml",
                "C:%5coutside.camel.yaml",
                "first/new.camel.yaml.",
                "first/new.camel.yaml%20",
                "first/new.camel.yaml/",
                "first./new.camel.yaml",
                "first%20/new.camel.yaml",
                ".../new.camel.yaml",
                ".hidden/new.camel.yaml",
                "first/.new.camel.yaml",
                "first/new.camel.yaml;x",
                "first;x/new.camel.yaml",
                "first/new.camel.yaml%0a",
                "first/n%C2%ADew.camel.yaml",
                "first/%EF%BC%8E%EF%BC%8E/new.camel.yaml",
                "first/new%E2%80%A4camel%E2%80%A4yaml",
                "first/n\u00e9w.camel.yaml",
                "first/" + "n".repeat(300) + ".camel.yaml",
                "a/".repeat(20) + "new.camel.yaml",
                "new.camel.yaml",
                "first/new.yaml",
                "first/openapi.yaml",
                "first/new.camel.yaml.new",
                "first/new.CAMEL.YAML",
                "first/new.test.yaml",
                "first/.camel.yaml",
                "first/",
                "~/new.camel.yaml",
                "$HOME/new.camel.yaml");
    }

    @Test
    void S7_noNameLeadsOutOfTheDirectory() throws Exception {
        Map<String, String> before = tree();
        assertThat(traversals()).hasSizeGreaterThanOrEqualTo(30);
        for (String name : traversals()) {
            for (String method : List.of("GET", "DELETE", "PUT")) {
                for (String condition : List.of("If-None-Match: *", "If-Match: *")) {
                    String answer = raw(method, "/api/routes/" + name, condition, GreetingRoutes.text("new", "1"));
                    assertThat(answer).as(method + " " + name).matches("(?s)HTTP/1\\.1 4\\d\\d .*");
                    assertThat(answer).as(method + " " + name).doesNotContain(CANARY);
                }
            }
        }
        assertThat(tree()).isEqualTo(before);
        assertThat(ask("first")).isEqualTo("1");
        assertThat(ask("new")).isEqualTo("404");
    }

    /** Sends a target as it is, which no client library would. */
    private String raw(String method, String target, String condition, String body) throws IOException {
        byte[] bytes = (method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Api-Key: "
                        + EDITOR + "\r\n" + condition + "\r\nContent-Length: "
                        + (method.equals("PUT") ? body.length() : 0)
                        + "\r\n\r\n" + (method.equals("PUT") ? body : ""))
                .getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return readAll(socket.getInputStream());
        }
    }

    private static String readAll(InputStream in) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            for (int next = in.read(); next >= 0; next = in.read()) {
                out.write(next);
            }
        } catch (IOException e) {
            // A reset after the answer: what came before it counts.
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void S7_linksAreNotFollowed() throws Exception {
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("there.camel.yaml"), CANARY);
        Files.createSymbolicLink(routes.resolve("linked"), elsewhere);
        Files.createSymbolicLink(routes.resolve("first/file.camel.yaml"), directory.resolve("outside.camel.yaml"));
        Files.createSymbolicLink(routes.resolve("first/dangling.camel.yaml"), directory.resolve("made.camel.yaml"));
        Files.createSymbolicLink(routes.resolve("first/inside.camel.yaml"), first);
        Files.createDirectories(routes.resolve("first/folder.camel.yaml"));
        Map<String, String> before = tree();
        for (String name : List.of(
                "linked/there.camel.yaml",
                "linked/new.camel.yaml",
                "linked/deeper/new.camel.yaml",
                "first/file.camel.yaml",
                "first/dangling.camel.yaml",
                "first/inside.camel.yaml",
                "first/folder.camel.yaml",
                "first/first.camel.yaml/new.camel.yaml")) {
            for (String method : List.of("GET", "PUT", "DELETE")) {
                for (String condition : List.of("If-Match", "If-None-Match")) {
                    HttpResponse<String> answer = edit(
                            method,
                            "/api/routes/" + name,
                            method.equals("PUT") ? GreetingRoutes.text("new", "1") : "",
                            condition,
                            "*");
                    assertThat(answer.statusCode()).as(method + " " + name).isIn(400, 403, 409);
                    assertThat(answer.body()).doesNotContain(CANARY);
                }
            }
        }
        assertThat(tree()).isEqualTo(before);
        assertThat(directory.resolve("made.camel.yaml")).doesNotExist();
    }

    @Test
    void S7_ofThoseWhoChangeTheSameOnlyOneDoes() throws Exception {
        for (int round = 0; round < 3; round++) {
            String etag = etag(FIRST);
            int mark = 10
                    * (round + 1); // texts that were never there: the same text again is no change, and keeps its tag
            List<CompletableFuture<HttpResponse<String>>> racers = IntStream.range(0, 8)
                    .mapToObj(racer -> http.sendAsync(
                            request(
                                    "PUT",
                                    FIRST,
                                    GreetingRoutes.text("first", String.valueOf(mark + racer)),
                                    "X-Api-Key",
                                    EDITOR,
                                    "If-Match",
                                    etag),
                            HttpResponse.BodyHandlers.ofString()))
                    .toList();
            List<Integer> statuses =
                    racers.stream().map(racer -> racer.join().statusCode()).toList();
            assertThat(statuses).containsOnlyOnce(200);
            assertThat(statuses.stream().filter(status -> status == 412)).hasSize(7);
            String winner = String.valueOf(mark + statuses.indexOf(200));
            assertThat(first).hasContent(GreetingRoutes.text("first", winner));
            assertThat(ask("first")).isEqualTo(winner);
        }
        List<Integer> makers = IntStream.range(0, 4)
                .mapToObj(racer -> http.sendAsync(
                        request(
                                "PUT",
                                "/api/routes/made/made.camel.yaml",
                                GreetingRoutes.text("made", String.valueOf(racer)),
                                "X-Api-Key",
                                EDITOR,
                                "If-None-Match",
                                "*"),
                        HttpResponse.BodyHandlers.ofString()))
                .toList()
                .stream()
                .map(racer -> racer.join().statusCode())
                .toList();
        assertThat(makers).containsOnlyOnce(201);
        assertThat(makers.stream().filter(status -> status == 412)).hasSize(3);
        assertThat(ask("made")).isEqualTo(String.valueOf(makers.indexOf(201)));
    }

    @Test
    void S7_onlyEditorsChangeFilesAndEveryAttemptIsRecorded() throws Exception {
        String etag = etag(FIRST);
        String changed = GreetingRoutes.text("first", "2");
        assertThat(send("PUT", FIRST, changed, "If-Match", etag).statusCode()).isEqualTo(401);
        assertThat(send("PUT", FIRST, changed, "If-Match", etag, "X-Api-Key", OPERATOR)
                        .statusCode())
                .isEqualTo(403);
        assertThat(send("DELETE", FIRST, "", "If-Match", etag, "X-Api-Key", OPERATOR)
                        .statusCode())
                .isEqualTo(403);
        assertThat(send("GET", "/api/audit", "", "X-Api-Key", OPERATOR).statusCode())
                .isEqualTo(403);
        assertThat(ask("first")).isEqualTo("1");
        edit("PUT", FIRST, changed, "If-Match", "\"stale\"");
        edit("PUT", FIRST, changed, "If-Match", etag, "X-Request-ID", "the-change");
        edit("DELETE", FIRST, "", "If-Match", etag(FIRST));

        JsonNode record = json(edit("GET", "/api/audit", ""));
        assertThat(record.path("entries"))
                .extracting(entry -> entry.path("caller").asText() + " "
                        + entry.path("action").asText() + " "
                        + entry.path("target").asText() + " "
                        + entry.path("result").asText())
                // Strangers are recorded behind their answer, at no certain place.
                .filteredOn(entry -> !entry.startsWith("nobody "))
                .containsExactly(
                        "ed route.delete first/first.camel.yaml DONE",
                        "ed route.delete first/first.camel.yaml BEGUN",
                        "ed route.save first/first.camel.yaml DONE",
                        "ed route.save first/first.camel.yaml BEGUN",
                        "ed route.save first/first.camel.yaml REFUSED",
                        "ed start first DONE",
                        "ops listAuditEntries /api/audit REFUSED",
                        "ops route.delete first/first.camel.yaml REFUSED",
                        "ops route.save first/first.camel.yaml REFUSED");
        JsonNode save = record.at("/entries/3");
        assertThat('"' + save.path("before").asText() + '"').isEqualTo(etag);
        assertThat(save.path("after").asText())
                .isEqualTo(record.at("/entries/1/before").asText())
                .hasSize(64);
        assertThat(save.path("requestId").asText()).isEqualTo("the-change");
        assertThat(record.at("/entries/1/after").isNull()).isTrue();
        assertThat(record.at("/entries/4/reason").asText()).contains("changed since");

        JsonNode page = json(edit("GET", "/api/audit?limit=2", ""));
        assertThat(page.path("entries")).hasSize(2);
        JsonNode next = json(edit(
                "GET", "/api/audit?limit=2&cursor=" + page.path("nextCursor").asText(), ""));
        assertThat(next.at("/entries/0")).isEqualTo(record.at("/entries/2"));
        assertThat(edit("GET", "/api/audit?cursor=x", "").statusCode()).isEqualTo(400);
    }

    @Test
    void S7_withoutAKeyOfAnEditorNobodyIsOne() throws Exception {
        stop();
        start(Map.of());
        Map<String, String> before = tree();
        HttpResponse<String> read = send("GET", FIRST, "");
        assertThat(read.statusCode()).isEqualTo(200);
        String etag = read.headers().firstValue("ETag").orElseThrow();
        for (String method : List.of("PUT", "DELETE")) {
            HttpResponse<String> refused = send(method, FIRST, GreetingRoutes.text("first", "2"), "If-Match", etag);
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(json(refused).at("/error/code").asText()).isEqualTo("editing-off");
            assertThat(json(refused).at("/error/message").asText()).contains("SEGNO_EDITOR_KEYS");
        }
        assertThat(send("GET", "/api/audit", "").statusCode()).isEqualTo(403);
        assertThat(tree()).isEqualTo(before);
    }
}
