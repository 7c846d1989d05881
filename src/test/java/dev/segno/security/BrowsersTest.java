package dev.segno.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segno.api.TestServer;
import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** What pages of other origins, and browsers in general, are told. */
class BrowsersTest {

    private static final String LISTED = "https://dashboard.example.com";

    private static TestServer server(Map<String, String> settings) throws Exception {
        return TestServer.start(
                settings,
                List.of(),
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        // As a route might, that means well.
                        from("platform-http:/route")
                                .setHeader("Access-Control-Allow-Origin", simple("${header.origin}"))
                                .setHeader("Access-Control-Allow-Credentials", constant("true"))
                                .setBody(constant("done"));
                        from("platform-http:/failing").throwException(new IllegalStateException("<script>"));
                    }
                },
                router -> router.get("/api/who").handler(ctx -> ctx.end("somebody")));
    }

    private static String ask(TestServer server, String method, String path, String... headers) throws Exception {
        StringBuilder request = new StringBuilder(
                method + " " + path + " HTTP/1.1\nHost: localhost\n" + "X-Api-Key: key-one\nConnection: close\n");
        for (String header : headers) {
            request.append(header).append('\n');
        }
        return server.raw(request.append('\n').toString());
    }

    private static String lower(String answer) {
        return answer.toLowerCase(Locale.ROOT);
    }

    @Test
    void S17_noOriginIsLetInWithoutTheSetting() throws Exception {
        try (TestServer server = server(Map.of("SEGNO_API_KEYS", "ops=key-one"))) {
            for (String path : List.of("/api/who", "/route", "/failing", "/health", "/nowhere")) {
                for (String origin : List.of("https://evil.example", "null", LISTED)) {
                    assertThat(lower(ask(server, "GET", path, "Origin: " + origin)))
                            .doesNotContain("access-control-");
                    assertThat(lower(ask(
                                    server,
                                    "OPTIONS",
                                    path,
                                    "Origin: " + origin,
                                    "Access-Control-Request-Method: POST")))
                            .doesNotContain("access-control-");
                }
            }
        }
    }

    @Test
    void S17_onlyListedOriginsAreLetInAndNeverWithCredentials() throws Exception {
        try (TestServer server = server(
                Map.of("SEGNO_API_KEYS", "ops=key-one", "SEGNO_CORS_ORIGINS", LISTED + ",http://localhost:3000"))) {
            for (String path : List.of("/api/who", "/route")) {
                assertThat(lower(ask(server, "GET", path, "Origin: " + LISTED)))
                        .startsWith("http/1.1 200 ")
                        .contains("access-control-allow-origin: " + LISTED + "\r\n", "vary: origin")
                        .doesNotContain("allow-credentials");
                for (String foreign : List.of(
                        "https://dashboard.example.com.evil.example",
                        "https://dashboard.example.com:444",
                        "http://dashboard.example.com",
                        "https://xdashboard.example.com",
                        "null",
                        "*")) {
                    assertThat(lower(ask(server, "GET", path, "Origin: " + foreign)))
                            .doesNotContain("access-control-")
                            .contains("vary: origin");
                }
            }
            assertThat(lower(ask(
                            server, "OPTIONS", "/api/who", "Origin: " + LISTED, "Access-Control-Request-Method: POST")))
                    .startsWith("http/1.1 204 ")
                    .contains("access-control-allow-methods: ", "x-api-key")
                    .doesNotContain("allow-credentials");
            // A browser may ask beforehand without a key, and gets nothing by it.
            assertThat(server.raw(
                            "GET /api/who HTTP/1.1\nHost: localhost\nOrigin: " + LISTED + "\nConnection: close\n\n"))
                    .startsWith("HTTP/1.1 401 ");
        }
        for (String wrong : List.of("*", "dashboard.example.com", LISTED + "/", "https://*.example.com", "null")) {
            assertThatThrownBy(() -> Cors.from(Settings.of(Map.of("SEGNO_CORS_ORIGINS", wrong))))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageStartingWith("setting SEGNO_CORS_ORIGINS");
        }
    }

    @Test
    void S18_everyAnswerTellsBrowsersToRunNothing() throws Exception {
        try (TestServer server = server(Map.of("SEGNO_API_KEYS", "ops=key-one"))) {
            for (String answer : List.of(
                    ask(server, "GET", "/api/who"),
                    ask(server, "GET", "/route"),
                    ask(server, "GET", "/failing"),
                    ask(server, "GET", "/health"),
                    ask(server, "GET", "/nowhere<script>alert(1)</script>"),
                    ask(server, "GET", "/%3Cscript%3E"),
                    ask(server, "GET", "http://elsewhere/"),
                    ask(server, "BREW", "/api/who"),
                    server.raw("GET /api/who HTTP/1.1\nHost: localhost\nConnection: close\n\n"),
                    server.raw("nonsense\n\n"))) {
                assertThat(answer)
                        .contains("Content-Security-Policy: default-src 'self'; object-src 'none'")
                        .contains("X-Content-Type-Options: nosniff")
                        .contains("X-Frame-Options: DENY")
                        .doesNotContain("<script>", "Set-Cookie");
            }
        }
    }
}
