package dev.segno.api;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The document of the product sync, in front of routes that only count and echo. */
class ProductSyncApiTest {

    private static final Path DOCUMENT = Path.of("routes/product-sync/openapi.yaml");
    private static final Map<String, String> SETTINGS = Map.of("ADMIN_KEY", "k,ops=other-key");
    private static final AtomicInteger ENTERED = new AtomicInteger();

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(
                SETTINGS,
                List.of(ApiDocument.load(DOCUMENT, Settings.of(SETTINGS))),
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("platform-http:/healthz").setBody(constant("OK"));
                        from("platform-http:/sync?httpMethodRestrict=GET,POST")
                                .process(exchange -> ENTERED.incrementAndGet())
                                .setBody(simple("${header.Segno-Caller} ${header.Segno-Credential-In} "
                                        + "[${header.key}${header.CamelHttpQuery}] ${body}"));
                        from("platform-http:/status?httpMethodRestrict=GET")
                                .process(exchange -> ENTERED.incrementAndGet())
                                .setBody(constant("status"));
                    }
                },
                router -> {});
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void healthIsPublicText() throws Exception {
        HttpResponse<String> answer = server.get("/healthz");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("OK");
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    }

    @Test
    void withoutOrWithAWrongKeyNothingStarts() throws Exception {
        int before = ENTERED.get();
        for (HttpResponse<String> answer : List.of(
                server.get("/status"),
                server.get("/status", "X-ADMIN-KEY", "wrong"),
                server.get("/status?key=k"),
                server.send("POST", "/sync", ""),
                server.send("POST", "/sync?key=k", ""),
                server.send("POST", "/sync", "{}", "X-ADMIN-KEY", "K"),
                server.get("/sync"),
                server.get("/sync?key=wrong"),
                server.get("/sync?key=k&key=k"),
                server.get("/sync?key="))) {
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).isEqualTo("{\"error\":\"Unauthorized\"}");
            assertThat(answer.headers().firstValue("X-Request-ID")).isPresent();
        }
        assertThat(ENTERED.get()).isEqualTo(before);
    }

    @Test
    void keyInHeaderOrQueryComesInUnderItsNameAndStaysOutside() throws Exception {
        HttpResponse<String> byHeader = server.send("POST", "/sync", "", "X-ADMIN-KEY", "other-key");
        assertThat(byHeader.body().strip()).isEqualTo("ops header []");
        HttpResponse<String> byQuery = server.get("/sync?a=1&k%65y=k");
        assertThat(byQuery.body().strip()).isEqualTo("default query [a=1]");
        assertThat(server.get("/sync", "X-ADMIN-KEY", "k").body().strip()).isEqualTo("default header []");
    }

    @Test
    void answersAreNotStoredAndGetIsDeprecated() throws Exception {
        HttpResponse<String> answer = server.get("/sync?key=k");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("Deprecation")).isPresent();
        assertThat(server.get("/status", "X-ADMIN-KEY", "k").headers().firstValue("Deprecation"))
                .isEmpty();
    }

    @Test
    void otherMethodsAre405() throws Exception {
        for (String method : List.of("HEAD", "PUT", "DELETE", "OPTIONS", "PATCH")) {
            HttpResponse<String> answer = server.send(method, "/sync", "", "X-ADMIN-KEY", "k");
            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(answer.headers().firstValue("Allow")).contains("GET, POST");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"chunk_size\":99}",
                "{\"chunk_size\":50001}",
                "{\"chunk_size\":\"x\"}",
                "{\"chunk_size\":200.5}",
                "{\"mode\":\"half\"}",
                "{\"offset\":-1}",
                "{\"limit\":0}",
                "{\"force_refresh\":\"yes\"}",
                "{\"dry_run\":null}",
                "{\"unknown\":1}",
                "[]",
                "null",
                "7",
                "\"text\""
            })
    void wrongBodyIs400WithDetails(String body) throws Exception {
        HttpResponse<String> answer =
                server.send("POST", "/sync", body, "X-ADMIN-KEY", "k", "Content-Type", "application/json");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThatJson(answer.body()).node("error").isString();
        assertThatJson(answer.body()).node("details").isArray().isNotEmpty();
        assertThat(answer.body()).doesNotContain("Exception").doesNotContain("networknt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{bad", "{\"a\":", "{} {}", "{\"offset\":1,\"offset\":2}", " ", "\u0000", "offset=1"})
    void brokenJsonIs400WhateverItsType(String body) throws Exception {
        for (String type : List.of("application/json", "text/plain", "application/x-www-form-urlencoded")) {
            HttpResponse<String> answer = server.send("POST", "/sync", body, "X-ADMIN-KEY", "k", "Content-Type", type);
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
            assertThatJson(answer.body()).node("error").isString();
            assertThat(answer.body()).doesNotContain("Exception");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"mode\":\"maintain-only\",\"offset\":40000,\"chunk_size\":5000,\"limit\":12000}",
                "{\"limit\":null,\"force_refresh\":true,\"dry_run\":false}"
            })
    void rightBodyArrivesAsItIs(String body) throws Exception {
        for (String type : List.of("application/json", "application/x-www-form-urlencoded")) {
            HttpResponse<String> answer = server.send("POST", "/sync", body, "X-ADMIN-KEY", "k", "Content-Type", type);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("default header [] " + body);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/status/",
                "//status",
                "/./status",
                "/x/../status",
                "/st%61tus",
                "/%73tatus",
                "/status%2f",
                "/%2fstatus",
                "/status;a=b",
                "/status.json",
                "/STATUS",
                "/x/%2e%2e/status",
                "/status%20",
                "/status%3f",
                "/%2e/status",
                "/st%2561tus",
                "/status?",
                "/x/..%2fstatus"
            })
    void S9_noWayOfWritingAPathGetsAroundTheKey(String path) throws Exception {
        int before = ENTERED.get();
        String answer = server.raw("GET " + path + " HTTP/1.1\nHost: localhost\nConnection: close\n\n");
        assertThat(answer).startsWith("HTTP/1.1 401 ").contains("{\"error\":\"Unauthorized\"}");
        assertThat(ENTERED.get()).isEqualTo(before);
    }

    @Test
    void keyThatIsNotSetRefusesToStart() {
        assertThatThrownBy(() -> ApiDocument.load(DOCUMENT, Settings.of(Map.of())))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("openapi.yaml")
                .hasMessageContaining("the setting ADMIN_KEY is not set; set ADMIN_KEY")
                .hasMessageNotContaining("\n");
    }

    @Test
    void keysInQueriesAreMaskedInTheAccessLog() {
        assertThat(AccessLog.masked("/sync?key=k&a=1")).isEqualTo("/sync?key=***&a=1");
        assertThat(AccessLog.masked("/sync?k%65y=k&access_token=t&x")).isEqualTo("/sync?k%65y=***&access_token=***&x");
        assertThat(AccessLog.masked("/sync")).isEqualTo("/sync");
    }
}
