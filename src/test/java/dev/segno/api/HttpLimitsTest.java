package dev.segno.api;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.control.Settings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Oversized, malformed and slow requests, against routes with and without a description. */
class HttpLimitsTest {

    private static final Map<String, String> SETTINGS = Map.of("segno.http.read-timeout", "5s");
    private static final int MIB = 1 << 20;

    @TempDir
    private static Path directory;

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        Path document = Files.writeString(directory.resolve("openapi.yaml"), """
                openapi: 3.1.0
                paths:
                  /big:
                    post:
                      security: []
                      x-segno-max-body: 3145728
                  /described:
                    post:
                      security: []
                      requestBody:
                        content: { application/json: { schema: { $ref: "#/components/schemas/Thing" } } }
                components:
                  schemas:
                    Thing: { type: object, properties: { inner: { $ref: "#/components/schemas/Thing" } } }
                """);
        server = TestServer.start(
                SETTINGS,
                List.of(ApiDocument.load(document, Settings.of(SETTINGS))),
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        for (String path : List.of("/plain", "/big", "/described")) {
                            from("platform-http:" + path).setBody(simple("took ${body.length}"));
                        }
                    }
                },
                router -> {
                    router.post("/api/things")
                            .handler(ctx -> ctx.end("took " + ctx.body().length()));
                });
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void S12_bodiesAreLimited() throws Exception {
        for (String path : List.of("/plain", "/described", "/api/things")) {
            HttpResponse<String> answer =
                    server.send("POST", path, "\"" + "x".repeat(MIB) + "\"", "Content-Type", "application/json");
            assertThat(answer.statusCode()).as(path).isEqualTo(413);
            assertThatJson(answer.body()).node("error.code").isEqualTo("too-large");
        }
        assertThat(server.send("POST", "/plain", "x".repeat(MIB), "Content-Type", "text/plain")
                        .body())
                .isEqualTo("took " + MIB);
    }

    @Test
    void operationMayTakeMore() throws Exception {
        assertThat(server.send("POST", "/big", "x".repeat(3 * MIB), "Content-Type", "text/plain")
                        .body())
                .isEqualTo("took " + 3 * MIB);
        assertThat(server.send("POST", "/big", "x".repeat(3 * MIB + 1), "Content-Type", "text/plain")
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void R13_endlessChunksAreCutOff() throws Exception {
        byte[] piece = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = server.connect()) {
            OutputStream out = socket.getOutputStream();
            out.write("POST /plain HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            long sent = 0;
            try {
                // A gigabyte, if anybody took it.
                while (sent < 1L << 30) {
                    out.write(piece);
                    sent += piece.length;
                }
            } catch (IOException e) {
                // The server ended the connection, as it should.
            }
            assertThat(sent).isLessThan(64L * MIB);
        }
        assertThat(server.get("/health").statusCode()).isEqualTo(200);
    }

    @Test
    void S12_headersAreLimited() throws Exception {
        String many = "X-Filler: " + "y".repeat(1000) + "\n";
        assertThat(server.raw("GET /plain HTTP/1.1\nHost: localhost\n" + many.repeat(17) + "\n"))
                .contains(" 431 ")
                .contains("\"code\":\"headers-too-large\"");
        assertThat(server.raw("GET /" + "a".repeat(9000) + " HTTP/1.1\nHost: localhost\n\n"))
                .contains(" 414 ")
                .contains("\"code\":\"uri-too-long\"");
        assertThat(server.raw("GET /health HTTP/1.1\nHost: localhost\nConnection: close\n" + many.repeat(14) + "\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    static Stream<Arguments> malformed() {
        String deepArray = "[".repeat(10_000) + "]".repeat(10_000);
        String deepObject = "{\"inner\":".repeat(10_000) + "1" + "}".repeat(10_000);
        return Stream.of(
                Arguments.of("deep array", json(deepArray), 400),
                Arguments.of("deep object", json(deepObject), 400),
                Arguments.of("unfinished JSON", json("{\"a\""), 400),
                Arguments.of("two documents", json("{} {}"), 400),
                Arguments.of("huge number", json("1" + "0".repeat(5000)), 400),
                Arguments.of("not UTF-8", json("{\"a\":\"\u00ff\u00fe\"}"), 400),
                Arguments.of("overlong UTF-8", json("{\"a\":\"\u00c0\u00af\"}"), 400),
                Arguments.of("surrogate in UTF-8", json("{\"a\":\"\u00ed\u00a0\u0080\"}"), 400),
                Arguments.of("NUL", json("\u0000"), 400),
                Arguments.of("multipart", post("multipart/form-data; boundary=x", "--x--"), 415),
                Arguments.of("unknown charset", post("text/plain; charset=nope", "x"), 415));
    }

    private static String json(String body) {
        return post("application/json", body);
    }

    private static String post(String type, String body) {
        return " HTTP/1.1\nHost: localhost\nConnection: close\nContent-Type: " + type + "\nContent-Length: "
                + body.length() + "\n\n" + body;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void R13_malformedBodiesAreTheCallersFault(String what, String request, int status) throws Exception {
        for (String path : what.equals("unknown charset") ? List.of("/plain") : List.of("/plain", "/described")) {
            assertRefused(server.raw("POST " + path + request), String.valueOf(status));
        }
    }

    @ParameterizedTest
    @MethodSource("malformedTargets")
    void R13_malformedTargetsAreTheCallersFault(String target) throws Exception {
        assertRefused(server.raw("GET " + target + " HTTP/1.1\nHost: localhost\nConnection: close\n\n"), "400");
    }

    static List<String> malformedTargets() {
        return List.of(
                "/a%00b",
                "/%",
                "/%4",
                "/%zz",
                "/%c0%af",
                "/%ff",
                "/%ed%a0%80",
                "/a%0ab",
                "/a\u0000b",
                "/\u00ff",
                "/?a=%",
                "/?a=%00",
                "/?%c3=%28",
                "http://localhost/",
                "*",
                "plain",
                "/a#b",
                "/%7f",
                "/%-1",
                "/?a=%+1");
    }

    @ParameterizedTest
    @MethodSource("smuggled")
    void R13_requestsOfUnclearLengthAreRefused(String head) throws Exception {
        String answer = server.raw("POST /plain HTTP/1.1\nHost: localhost\n" + head
                + "\n\n0\n\nGET /smuggled HTTP/1.1\nHost: localhost\nConnection: close\n\n");
        assertRefused(answer, "400");
        assertThat(answer.split("HTTP/1\\.[01] ", -1))
                .as("one answer, then the end")
                .hasSize(2);
    }

    static List<String> smuggled() {
        return List.of(
                "Content-Length: 5\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\nContent-Length: 5",
                "Content-Length: 5\nContent-Length: 6",
                "Content-Length: -1",
                "Content-Length: 5x",
                "Content-Length: +5",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: chunked\nTransfer-Encoding: chunked",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding:\n chunked\nHost: other");
    }

    private static void assertRefused(String answer, String status) {
        assertThat(answer).matches("(?s)HTTP/1\\.[01] " + status + " .*").containsIgnoringCase("x-request-id: ");
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        assertThatJson(body).node("error.message").isString();
        assertThat(body).doesNotContain("Exception", "jackson", "netty", "vertx", "java.");
    }
}
