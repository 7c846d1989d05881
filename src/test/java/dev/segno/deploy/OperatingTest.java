package dev.segno.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.segno.Application;
import dev.segno.RouteLayout;
import dev.segno.control.Settings;
import dev.segno.spec.JsonClient;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does what docs/operating.md says, by its own commands: behind a reverse proxy, with tokens of an identity provider. */
class OperatingTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private static final String ROUTE = """
        - route:
            id: greet
            from:
              uri: orchestration:greet
              steps:
                - step: { id: look-up, steps: [ { to: "kamelet:call?service=people&path=/find" } ] }
                - step: { id: deliver, steps: [ { to: "kamelet:call?service=mail&path=/send" } ] }
        """;

    private static final String NOTHING = """
        - route:
            id: nothing
            from:
              uri: orchestration:nothing
              steps:
                - setBody: { constant: "" }
        """;

    @TempDir
    private static Path directory;

    private static final Vertx VERTX = Vertx.vertx();
    private static final HttpClient FORWARDING = VERTX.createHttpClient();
    private static final List<String> ASKED = new ArrayList<>();
    private static volatile boolean full = true;

    private static Application node;
    private static JsonClient proxy;
    private static RSAKey key;
    private static String issuer;

    @BeforeAll
    static void start() throws Exception {
        key = new RSAKeyGenerator(2048).keyID("one").generate();
        int login = listen(OperatingTest::login);
        issuer = "http://127.0.0.1:" + login + "/realms/ops";
        int services = listen(OperatingTest::serve);
        Path routes = Files.createDirectories(directory.resolve("routes/greet"));
        Files.writeString(routes.resolve("greet.camel.yaml"), ROUTE);
        Files.writeString(routes.resolve("nothing.camel.yaml"), NOTHING);
        Map<String, String> settings = new HashMap<>(Map.of(
                "MAIL_URL",
                "http://127.0.0.1:" + services,
                "PEOPLE_URL",
                "http://127.0.0.1:" + services,
                "SEGNO_RETRY_MAX",
                "0",
                "SEGNO_API_KEYS",
                "program=program-key"));
        // What the text says, with an issuer that is here.
        Matcher said =
                Pattern.compile("(?m)^(SEGNO_(?:OIDC|AUTH)_[A-Z_]+)=(.*)$").matcher(text());
        while (said.find()) {
            settings.put(said.group(1), said.group(1).equals("SEGNO_OIDC_ISSUER") ? issuer : said.group(2));
        }
        assertThat(settings).containsKeys("SEGNO_OIDC_ISSUER", "SEGNO_OIDC_AUDIENCE", "SEGNO_AUTH_LOCKOUT");
        node = Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(directory.resolve("routes")), Path.of("routes")),
                        "127.0.0.1",
                        0,
                        directory.resolve("data"),
                        false),
                Settings.of(settings));
        proxy = new JsonClient(URI.create("http://127.0.0.1:" + listen(OperatingTest::forward)));
    }

    @AfterAll
    static void stop() throws Exception {
        if (node != null) {
            node.close();
        }
        VERTX.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static int listen(Handler<HttpServerRequest> handler) throws Exception {
        return VERTX.createHttpServer()
                .requestHandler(handler)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS)
                .actualPort();
    }

    private static void login(HttpServerRequest request) {
        request.response()
                .end(
                        request.path().endsWith("/openid-configuration")
                                ? "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + issuer + "/keys\"}"
                                : new JWKSet(key.toPublicJWK()).toString());
    }

    private static void serve(HttpServerRequest request) {
        synchronized (ASKED) {
            ASKED.add(request.path());
        }
        boolean refuses = full && request.path().equals("/send");
        request.response()
                .setStatusCode(refuses ? 507 : 200)
                .putHeader("Content-Type", "application/json")
                .end(refuses ? "{\"error\":\"mailbox full\"}" : "{}");
    }

    /** As the configuration of nginx in the text does. */
    private static void forward(HttpServerRequest in) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .addAll(in.headers())
                .set("Host", "segno.example.org")
                .set("X-Request-ID", "from-the-proxy")
                .remove("Connection");
        in.body()
                .compose(body -> FORWARDING
                        .request(new RequestOptions()
                                .setMethod(in.method())
                                .setHost("127.0.0.1")
                                .setPort(node.port())
                                .setURI(in.uri())
                                .setHeaders(headers))
                        .compose(out -> out.send(body)))
                .compose(answer -> {
                    in.response().setStatusCode(answer.statusCode());
                    in.response().headers().addAll(answer.headers());
                    return answer.body();
                })
                .compose(body -> in.response().end(body))
                .recover(failure -> {
                    in.response().setStatusCode(502).end();
                    return Future.succeededFuture();
                });
    }

    private static String token(String role) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(),
                new JWTClaimsSet.Builder()
                        .issuer(issuer)
                        .audience("segno")
                        .subject("olga")
                        .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                        .claim("roles", List.of(role))
                        .build());
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private static String text() throws Exception {
        return Files.readString(Path.of("docs/operating.md"));
    }

    /** The {@code curl} lines of the section, in their order. */
    private static List<String> commands() throws Exception {
        String section = text().split("(?m)^## Why did the run of yesterday fail\\?$")[1];
        return section.substring(0, section.indexOf("\n## "))
                .lines()
                .filter(line -> line.startsWith("curl "))
                .toList();
    }

    /** What a command of the text answers; of {@code curl} as much as the text uses. */
    private static JsonClient.Reply run(String command, Map<String, String> variables) throws Exception {
        String filled = command;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            filled = filled.replace("'$" + variable.getKey() + "'", variable.getValue())
                    .replace("$" + variable.getKey(), variable.getValue());
        }
        assertThat(filled).doesNotContain("$");
        List<String> words = new ArrayList<>();
        Matcher word = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)").matcher(filled);
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3));
        }
        boolean post = false;
        String body = "";
        String path = "";
        List<String> headers = new ArrayList<>();
        for (int i = 1; i < words.size(); i++) {
            switch (words.get(i)) {
                case "-s" -> {}
                case "-X" -> post = words.get(++i).equals("POST");
                case "-d" -> body = words.get(++i);
                case "-H" -> {
                    String[] header = words.get(++i).split(": ", 2);
                    // The client of this test says itself what it sends.
                    if (!header[0].equals("Content-Type")) {
                        headers.addAll(List.of(header));
                    }
                }
                default -> path = words.get(i);
            }
        }
        String[] all = headers.toArray(String[]::new);
        return post ? proxy.post(path, body, all) : proxy.get(path, all);
    }

    private static JsonNode good(String command, Map<String, String> variables) throws Exception {
        JsonClient.Reply reply = run(command, variables);
        assertThat(reply.status()).as(command + "\n" + reply.body()).isEqualTo(200);
        assertThat(reply.header("X-Request-ID")).isEqualTo("from-the-proxy");
        return reply.body();
    }

    @Test
    void whyARunFailedIsFoundOutAndItIsRetriedByWhatTheTextSays() throws Exception {
        for (int i = 0; i < 3; i++) {
            JsonClient.Reply started = proxy.post(
                    "/api/orchestrations/greet/runs?wait=30s",
                    "{}",
                    "X-Api-Key",
                    "program-key",
                    "X-Correlation-ID",
                    "order-" + i);
            assertThat(started.body().path("state").asText()).isEqualTo("PARKED");
        }
        List<String> commands = commands();
        assertThat(commands).hasSize(8);
        Map<String, String> variables = new HashMap<>(Map.of(
                "S",
                "",
                "K",
                "Authorization: Bearer " + token("everybody"),
                "FROM",
                Instant.now().minus(Duration.ofDays(1)).toString(),
                "TO",
                Instant.now().plus(Duration.ofHours(1)).toString(),
                "CORRELATION",
                "order-1"));

        JsonNode group = good(commands.get(0), variables).at("/groups/0");
        assertThat(group.path("count").asInt()).isEqualTo(3);
        assertThat(group.path("message").asText()).contains("mailbox full");
        assertThat(group.path("step").asText()).isEqualTo("deliver");

        JsonNode runs = good(commands.get(1), variables).path("runs");
        assertThat(runs).hasSize(3);
        JsonNode trace = good(commands.get(2), variables);
        String run = trace.at("/spans/0/tags/run_id").asText();
        assertThat(runs.findValuesAsText("id")).contains(run);

        variables.put("RUN", run);
        variables.put("GROUP", group.path("group").asText());
        JsonNode failed = good(commands.get(3), variables);
        assertThat(failed.path("correlationId").asText()).isEqualTo("order-1");
        assertThat(failed.at("/error/message").asText()).contains("mailbox full");
        assertThat(failed.at("/steps/0/key").asText()).isEqualTo("look-up");
        assertThat(failed.at("/steps/1/attempts/0/error/message").asText()).contains("mailbox full");

        assertThat(run(commands.get(4), variables).status()).as("a viewer").isEqualTo(403);
        variables.put("K", "Authorization: Bearer " + token("segno-ops"));
        assertThat(good(commands.get(4), variables).path("wouldGoOnAt").asText())
                .isEqualTo("deliver");

        full = false;
        good(commands.get(5), variables);
        await().atMost(LONG)
                .until(() ->
                        good(commands.get(6), variables).path("state").asText().equals("COMPLETED"));

        JsonNode retried = good(commands.get(7), variables);
        assertThat(retried.path("results")).hasSize(2);
        assertThat(retried.path("results").findValuesAsText("done")).containsOnly("true");
        await().atMost(LONG)
                .until(() -> good(commands.get(0), variables).path("groups").isEmpty());
        synchronized (ASKED) {
            assertThat(ASKED.stream().filter("/find"::equals)).hasSize(3);
            assertThat(ASKED.stream().filter("/send"::equals)).hasSize(6);
        }
        assertThat(good(commands.get(1), variables).path("runs")).isEmpty();
    }

    @Test
    void runsAreFoundByTheTimeOfTheirStart() throws Exception {
        String start = proxy.post("/api/orchestrations/nothing/runs?wait=30s", "{}", "X-Api-Key", "program-key")
                .body()
                .path("createdAt")
                .asText();
        Instant at = Instant.parse(start);

        assertThat(between(at.minusSeconds(1), at.plusSeconds(1))).contains(start);
        assertThat(between(at.plusSeconds(1), at.plusSeconds(60))).doesNotContain(start);
        assertThat(between(at.minusSeconds(60), at.minusSeconds(1))).doesNotContain(start);
        assertThat(proxy.get("/api/runs?since=yesterday", "X-Api-Key", "program-key")
                        .status())
                .isEqualTo(400);
    }

    private static List<String> between(Instant since, Instant until) throws Exception {
        JsonNode page = proxy.get("/api/runs?since=" + since + "&until=" + until, "X-Api-Key", "program-key")
                .body();
        return page.path("runs").findValuesAsText("createdAt");
    }
}
