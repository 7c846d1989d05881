package dev.segno.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.Application;
import dev.segno.RouteLayout;
import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class SecretsTest {

    /** A run that fails with a message into which every secret setting got. */
    private static final String ROUTES = """
        - route:
            id: leaky
            from:
              uri: orchestration:leaky
              parameters: {onFailure: park}
              steps:
                - step:
                    id: fail
                    steps:
                      - throwException:
                          exceptionType: java.lang.IllegalStateException
                          message: "no login: %s"
        - route:
            id: leaky-http
            from:
              uri: platform-http:/leaky
              steps:
                - throwException:
                    exceptionType: java.lang.IllegalStateException
                    message: "over HTTP: %1$s"
        """;

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    /** The log as the program writes it: by the pattern of its configuration. */
    @BeforeEach
    void watchTheLog() throws Exception {
        LoggerContext context = root.getLoggerContext();
        Matcher pattern = Pattern.compile("<pattern>(.*)</pattern>")
                .matcher(Files.readString(Path.of("src/main/resources/logback.xml")));
        assertThat(pattern.find()).isTrue();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(pattern.group(1));
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(log);
        appender.start();
        root.addAppender(appender);
    }

    @AfterEach
    void stopWatching() {
        root.detachAppender(appender);
        appender.stop();
    }

    private String logged() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void S15_secretsAreInNoLogNoAnswerAndNoFile() throws Exception {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String name : List.of(
                "NOTIFY_TOKEN",
                "ADMIN_KEY",
                "DB_PASSWORD",
                "SMTP_PASSWD",
                "CLIENT_SECRET",
                "SERVICE_CREDENTIAL",
                "UPSTREAM_AUTH",
                "SENTRY_DSN",
                "SIGNING_PRIVATE",
                "SUPABASE_SERVICE_ROLE_KEY",
                "medipim.api-key",
                "x.y.secret",
                "ApiToken",
                "PEER_TOKEN")) {
            settings.put(name, "canary-of-" + name.toLowerCase(Locale.ROOT) + "-end");
        }
        String references = String.join(
                " ", settings.keySet().stream().map(name -> "{{" + name + "}}").toList());
        settings.put("SEGNO_API_KEYS", "ops=canary-of-ops-end");
        settings.put("SEGNO_ADMIN_KEYS", "root=canary-of-root-end, boss=canary-of-boss-end");
        settings.put("DOC_STORE_URL", "http://user:canary-of-url-end@docs:5087/?api_key=canary-of-query-end");
        settings.put("SMTP_URL", "smtp://user:canary%2Dof-smtp-end@127.0.0.1:1");
        Path address = Files.writeString(directory.resolve("address"), "https://hooks.example.com/canary-of-hook-end");
        settings.put("HOOK_URL_FILE", address.toString());
        Path file = directory.resolve("secret-file");
        Files.writeString(file, "canary-of-file-end\n");
        settings.put("VAULT_TOKEN_FILE", file.toString());
        Path routes = Files.createDirectories(directory.resolve("routes/leaky"));
        Files.writeString(
                routes.resolve("leaky.camel.yaml"),
                ROUTES.formatted(
                        references + " {{VAULT_TOKEN}} {{DOC_STORE_URL}} {{HOOK_URL}} {{SMTP_URL}} {{SMTP_PASSWORD}}"));

        StringBuilder answers = new StringBuilder();
        try (Application node = Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(directory.resolve("routes")), Path.of("routes")),
                        "127.0.0.1",
                        0,
                        directory.resolve("data"),
                        false),
                Settings.of(settings))) {
            HttpResponse<String> started = send(node, "POST", "/api/orchestrations/leaky/runs?wait=30s");
            answers.append(send(node, "GET", "/api/runs?key=canary-of-ops-end").body());
            String id = new ObjectMapper().readTree(started.body()).path("id").asText();
            answers.append(started.body());
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(
                                    send(node, "GET", "/api/runs/" + id).body())
                            .contains("PARKED", "no login: ***"));
            for (String path : List.of(
                    "/api/runs",
                    "/api/runs/" + id,
                    "/api/dead-letters",
                    "/api/dead-letters/groups",
                    "/api/orchestrations",
                    "/api/orchestrations/leaky",
                    "/api/audit",
                    "/api/keys",
                    "/api/config",
                    "/api/canary-of-ops-end",
                    "/health")) {
                answers.append(send(node, "GET", path).body());
            }
            answers.append(send(node, "POST", "/leaky").body());
            answers.append(send(node, "POST", "/api/runs/" + id + "/retry").body());
            LoggerFactory.getLogger("test")
                    .warn(
                            "by hand canary-of-db_password-end canary-of-url-end canary-of-smtp-end canary%2Dof-smtp-end",
                            new IllegalStateException(
                                    "canary-of-sentry_dsn-end", new RuntimeException("canary-of-file-end")));
        }
        assertThat(answers).contains("no login: ***").doesNotContain("canary");
        assertThat(logged()).contains("by hand ***").contains("leaky").doesNotContain("canary");
        for (Path path : filesOf(directory.resolve("data"))) {
            String bytes = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
            assertThat(bytes.contains("canary")).as(path.toString()).isFalse();
        }
    }

    private static HttpResponse<String> send(Application node, String method, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
                                .header("X-Api-Key", "canary-of-root-end")
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static List<Path> filesOf(Path data) throws Exception {
        try (Stream<Path> files = Files.walk(data)) {
            return new ArrayList<>(files.filter(Files::isRegularFile).toList());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "get https://u:p@h/p|get https://***@h/p",
                "{\"password\":\"abc\",\"a\":1}|{\"password\":\"***\",\"a\":1}",
                "api_key=abc&b=c|api_key=***&b=c",
                "token: abc, more|token: ***, more",
                "Authorization: Bearer abcdefgh|Authorization: Bearer ***",
                "sgn_AbCdEfGh_0123456789012345678901234567890123456789abc|sgn_AbCdEfGh_***",
                "value-of-a value-of-ab|*** ***",
                "nothing here: a=b, monkey business|nothing here: a=b, monkey business",
                "mail to someone@example.com|mail to someone@example.com",
            })
    void S15_isMaskedByKeyAndByValue(String text, String masked) {
        Redaction redaction = Redaction.of(Settings.of(
                Map.of("A_TOKEN", "value-of-a", "B_TOKEN", "value-of-ab", "KEY_TTL", "300000", "C_KEY", "no")));
        assertThat(redaction.mask(text)).isEqualTo(masked);
    }

    @Test
    void S15_secretsMayStandInFilesAndElsewhere() throws Exception {
        Path file = directory.resolve("token");
        Files.writeString(file, "one\n");
        Settings settings = Settings.of(Map.of("NOTIFY_TOKEN_FILE", file.toString(), "PORT_FILE", file.toString()));
        assertThat(settings.find("notify.token")).contains("one");
        Files.writeString(file, "two\n");
        assertThat(settings.find("NOTIFY_TOKEN")).contains("two");
        assertThat(settings.find("PORT")).isEmpty();
        Files.delete(file);
        assertThatThrownBy(() -> settings.find("NOTIFY_TOKEN"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("NOTIFY_TOKEN_FILE");
        Settings both = Settings.of(Map.of("NOTIFY_TOKEN", "own", "NOTIFY_TOKEN_FILE", file.toString()));
        assertThat(both.find("NOTIFY_TOKEN")).isEqualTo(Optional.of("own"));
        assertThatThrownBy(() -> Settings.of(Map.of("SEGNO_SECRETS", "nowhere")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("no source of secrets named nowhere");
    }

    @Test
    void S15_aSourceOfSecretsIsNotAskedForWhatIsShown() {
        Settings settings = Settings.of(Map.of("SEGNO_SECRETS", "test-vault", "DOCS_URL", "http://docs"));
        assertThat(settings.find("NOTIFY_TOKEN")).contains("kept-NOTIFY_TOKEN");
        assertThat(settings.find("DOCS_URL")).contains("http://docs");
        assertThat(settings.find("HOOK_URL")).isEmpty();
        assertThat(settings.find("PORT")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\n2026-01-01T00:00:00.000Z INFO  [main] d.s.Forged - forged",
                "a\r\n2026-01-01T00:00:00.000Z INFO  [main] d.s.Forged - forged",
                "a\r2026-01-01T00:00:00.000Z INFO  [main] d.s.Forged - forged",
                "a\u00852026-01-01T00:00:00.000Z INFO  [main] d.s.Forged - forged",
                "a\u20282026-01-01T00:00:00.000Z INFO  [main] d.s.Forged - forged",
                "a\u20292026-01-01T00:00:00.000Z INFO  [main] d.s.Forged - forged",
                "a\u000b\f2026-01-01T00:00:00.000Z INFO  [main] d.s.Forged - forged",
                "a\u001b[2K\u001b[1A2026-01-01T00:00:00.000Z forged",
                "a\b\b\b\u0000\u007f\u009b2Jforged",
                "a\u202eforged",
            })
    void S18_nothingFromOutsideMakesALineOfTheLog(String text) {
        LoggerFactory.getLogger("test").warn("name {}", text);
        LoggerFactory.getLogger("test").warn("failed", new IllegalStateException(text, new RuntimeException(text)));
        String logged = logged();
        assertThat(logged).contains("forged");
        assertThat(logged.chars().filter(c -> c != '\n' && c != '\t' && (Character.isISOControl(c) || c == 0x202e)))
                .isEmpty();
        assertThat(logged.lines()
                        .filter(line -> !line.startsWith("\tat ")
                                && !line.startsWith("\t... ")
                                && !line.startsWith("Caused by: java.lang.RuntimeException")
                                && !line.startsWith("java.lang.IllegalStateException"))
                        .filter(line -> !line.contains(" WARN ")))
                .isEmpty();
        assertThat(logged.split("[\u2028\u2029\u0085]")).hasSize(1);
    }
}
