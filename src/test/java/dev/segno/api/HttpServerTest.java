package dev.segno.api;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HttpServerTest {

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(
                Map.of(),
                List.of(),
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("platform-http:/echo?httpMethodRestrict=POST,PUT").setBody(simple("${body}"));
                        from("platform-http:/items/{id}?httpMethodRestrict=GET").setBody(simple("item ${header.id}"));
                        from("platform-http:/thread").setBody(simple("${threadName}"));
                        from("platform-http:/nothing").setBody(constant(""));
                    }
                },
                router -> {
                    router.get("/api/things").handler(ctx -> ctx.end("things"));
                    router.get("/api/broken").handler(ctx -> {
                        throw new IllegalStateException("secret detail");
                    });
                    router.get("/api/conflict")
                            .handler(ctx -> ctx.fail(new ApiException(new ApiError(409, "conflict", "taken"))));
                });
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void healthIsExactlyOk() throws Exception {
        HttpResponse<String> answer = server.get("/health");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"status\":\"ok\"}");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    }

    @Test
    void unknownPathIs404AsJson() throws Exception {
        HttpResponse<String> answer = server.get("/no/such/path", "X-Request-ID", "my-id.1");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("X-Request-ID")).contains("my-id.1");
        assertThatJson(answer.body())
                .node("error")
                .isObject()
                .containsEntry("id", "my-id.1")
                .containsEntry("code", "not-found");
    }

    @Test
    void malformedRequestIdIsReplaced() throws Exception {
        HttpResponse<String> answer = server.get("/nowhere", "X-Request-ID", "a b");
        assertThat(answer.headers().firstValue("X-Request-ID").orElseThrow()).matches("[0-9A-Z]{26}");
    }

    @Test
    void wrongMethodIs405WithAllow() throws Exception {
        assertAllow(server.get("/echo"), "POST, PUT");
        assertAllow(server.send("DELETE", "/items/7", ""), "GET");
        assertAllow(server.send("POST", "/api/things", ""), "GET");
        assertAllow(server.send("POST", "/health", ""), "GET");
    }

    private static void assertAllow(HttpResponse<String> answer, String methods) {
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains(methods);
        assertThatJson(answer.body()).node("error.code").isEqualTo("method-not-allowed");
    }

    @Test
    void resourcesComeBeforeRoutes() throws Exception {
        assertThat(server.get("/api/things").body()).isEqualTo("things");
        assertThat(server.get("/items/7").body()).isEqualTo("item 7");
    }

    @Test
    void failuresOfResourcesHaveTheErrorShape() throws Exception {
        HttpResponse<String> broken = server.get("/api/broken");
        assertThat(broken.statusCode()).isEqualTo(500);
        assertThat(broken.body()).doesNotContain("secret detail").doesNotContain("Exception");
        HttpResponse<String> conflict = server.get("/api/conflict");
        assertThat(conflict.statusCode()).isEqualTo(409);
        assertThatJson(conflict.body()).node("error.message").isEqualTo("taken");
    }

    @Test
    void routesStartOnThePoolAndNotOnAnEventLoop() throws Exception {
        assertThat(server.get("/thread").body()).startsWith("segno-http-");
    }

    @Test
    void emptyAnswerIs204() throws Exception {
        assertThat(server.get("/nothing").statusCode()).isEqualTo(204);
    }

    @Test
    void answersAreNotStoredByCaches() throws Exception {
        assertThat(server.get("/thread").headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(server.get("/thread").headers().firstValue("X-Content-Type-Options"))
                .contains("nosniff");
    }

    @Test
    void takenPortIsOneClearLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> HttpServer.checkPort("127.0.0.1", port))
                    .isInstanceOf(SettingsException.class)
                    .hasMessage(
                            "cannot listen on 127.0.0.1:" + port + ": the port is in use; choose another with --port");
            HttpServer second = HttpServer.open(
                    HttpServer.Options.from("127.0.0.1", port, Settings.of(Map.of()), false, List.of()));
            assertThatThrownBy(second::listen)
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("the port is in use");
            second.close();
        }
    }
}
