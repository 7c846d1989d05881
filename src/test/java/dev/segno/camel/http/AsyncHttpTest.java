package dev.segno.camel.http;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segno.api.TestServer;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.service.ServiceSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AsyncHttpTest {

    private static final int CALLERS = 64;

    /** Keeps exchanges open without holding a thread, until the test lets them go. */
    private static final class Hang extends AsyncProcessorSupport {

        private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();
        private final CountDownLatch arrived;

        Hang(int expected) {
            arrived = new CountDownLatch(expected);
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            waiting.add(() -> {
                exchange.getMessage().setBody("let go");
                callback.done(false);
            });
            arrived.countDown();
            return false;
        }

        void letGo() {
            for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
                next.run();
            }
        }
    }

    private final Hang hang = new Hang(CALLERS);
    private final Hang single = new Hang(1);
    private final CountDownLatch block = new CountDownLatch(1);
    private final CountDownLatch blocked = new CountDownLatch(CALLERS);
    private final CountDownLatch completed = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ExecutorService callers = Executors.newCachedThreadPool();

    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(new RouteBuilder() {
            @Override
            public void configure() {
                from("platform-http:/hang").routeId("hang").process(hang);
                from("platform-http:/single")
                        .routeId("single")
                        .process(single)
                        .process(exchange -> completed.countDown());
                from("platform-http:/block").process(exchange -> {
                    blocked.countDown();
                    block.await();
                });
                from("platform-http:/quick").setBody(constant("quick"));
                from("platform-http:/throws").process(exchange -> {
                    throw new IllegalStateException("at /etc/secret.conf in dev.segno.Hidden");
                });
                from("platform-http:/refuses").process(exchange -> {
                    throw new IllegalStateException(new ApiException(new ApiError(409, "conflict", "Already running")));
                });
                from("platform-http:/unsendable").setBody(exchange -> new Object());
                from("platform-http:/code")
                        .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(418))
                        .setHeader("X-Own", constant("mine"))
                        .setHeader("Bad-Value", constant("a\r\nSet-Cookie: b"))
                        .setBody(constant(Map.of("a", 1)));
                from("platform-http:/large").setBody(exchange -> "x".repeat(5_000_000));
                from("platform-http:/endless").setBody(exchange -> endless());
                from("platform-http:/echo").process(exchange -> {});
                from("platform-http:/stream?useStreaming=true")
                        .process(exchange -> exchange.getMessage()
                                .setBody(
                                        exchange.getIn().getBody() instanceof InputStream in
                                                ? "stream of " + in.readAllBytes().length
                                                : "no stream"));
            }
        });
    }

    private InputStream endless() {
        return new ByteArrayInputStream(new byte[0]) {
            @Override
            public byte[] readNBytes(int length) {
                return new byte[length];
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };
    }

    @AfterEach
    void stop() {
        block.countDown();
        hang.letGo();
        single.letGo();
        server.close();
        callers.shutdownNow();
    }

    private List<CompletableFuture<HttpResponse<String>>> call(String path) {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            answers.add(CompletableFuture.supplyAsync(() -> get(path), callers));
        }
        return answers;
    }

    @Test
    void R11_callersOfAHangingRouteHoldNoThread() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> hanging = call("/hang");
        assertThat(hang.arrived.await(30, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 50; i++) {
            assertThat(server.get("/quick").body()).isEqualTo("quick");
        }
        assertThat(hanging).noneMatch(CompletableFuture::isDone);
        hang.letGo();
        for (CompletableFuture<HttpResponse<String>> answer : hanging) {
            assertThat(answer.get(30, TimeUnit.SECONDS).body()).isEqualTo("let go");
        }
    }

    @Test
    void R11_callersOfABlockingRouteDoNotStopAnother() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> blocking = call("/block");
        assertThat(blocked.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(server.get("/quick").body()).isEqualTo("quick");
        assertThat(blocking).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void clientThatHangsUpChangesNothingForTheExchange() throws Exception {
        try (Socket socket = server.connect()) {
            socket.getOutputStream()
                    .write("GET /single HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(single.arrived.await(10, TimeUnit.SECONDS)).isTrue();
            socket.setSoLinger(true, 0);
        }
        assertThat(server.get("/quick").body()).isEqualTo("quick");
        single.letGo();
        assertThat(completed.await(10, TimeUnit.SECONDS)).isTrue();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> server.camel().getInflightRepository().size("single") == 0);
        assertThat(server.get("/quick").body()).isEqualTo("quick");
    }

    @Test
    void clientThatLeavesAStreamHasItClosed() throws Exception {
        try (Socket socket = server.connect()) {
            socket.getOutputStream()
                    .write("GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes(1_000_000)).hasSize(1_000_000);
            assertThat(closed).isFalse();
        }
        await().atMost(Duration.ofSeconds(10)).untilTrue(closed);
    }

    @Test
    void gracefulStopWaitsForRequestsUnderWay() throws Exception {
        CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(() -> get("/single"), callers);
        assertThat(single.arrived.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> stopping =
                CompletableFuture.runAsync(() -> server.camel().stop(), callers);
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            HttpResponse<String> refused = server.get("/quick");
            return refused.statusCode() == 503
                    && refused.headers().firstValue("Retry-After").isPresent();
        });
        assertThat(stopping).isNotDone();
        single.letGo();
        assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("let go");
        stopping.get(20, TimeUnit.SECONDS);
    }

    @Test
    void R16_newerRouteOfAPathTakesOverWithoutAGap() throws Exception {
        CompletableFuture<HttpResponse<String>> old = CompletableFuture.supplyAsync(() -> get("/single"), callers);
        assertThat(single.arrived.await(10, TimeUnit.SECONDS)).isTrue();
        server.camel().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("platform-http:/single?httpMethodRestrict=GET,POST")
                        .routeId("newer")
                        .setBody(constant("newer"));
            }
        });
        CompletableFuture<Void> stopping = CompletableFuture.runAsync(
                () -> {
                    try {
                        server.camel().getRouteController().stopRoute("single");
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                callers);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> ((ServiceSupport) server.camel().getRoute("single").getConsumer()).isSuspended());
        HttpResponse<String> answer = server.send("POST", "/single", "{}", "Content-Type", "application/json");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("newer");
        assertThat(old).isNotDone();
        single.letGo();
        assertThat(old.get(10, TimeUnit.SECONDS).body()).isEqualTo("let go");
        stopping.get(20, TimeUnit.SECONDS);
        assertThat(server.get("/single").body()).isEqualTo("newer");
    }

    private HttpResponse<String> get(String path) {
        try {
            return server.get(path);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void S22_failingRouteTellsAnIdAndNothingElse() throws Exception {
        for (String path : List.of("/throws", "/unsendable")) {
            HttpResponse<String> answer = server.get(path, "X-Request-ID", "id-1");
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThatJson(answer.body())
                    .isEqualTo("{\"error\":{\"id\":\"id-1\",\"status\":500,\"code\":\"internal\","
                            + "\"message\":\"The request could not be processed\"}}");
            assertThat(answer.headers().map().toString()).doesNotContain("Exception", "secret");
        }
    }

    @Test
    void errorThatARouteChoseIsTold() throws Exception {
        HttpResponse<String> answer = server.get("/refuses");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThatJson(answer.body()).node("error.message").isEqualTo("Already running");
    }

    @Test
    void statusHeadersAndJsonOfARouteGoOut() throws Exception {
        HttpResponse<String> answer = server.get("/code");
        assertThat(answer.statusCode()).isEqualTo(418);
        assertThat(answer.body()).isEqualTo("{\"a\":1}");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.headers().firstValue("X-Own")).contains("mine");
        assertThat(answer.headers().map()).doesNotContainKeys("Set-Cookie", "set-cookie", "Bad-Value", "bad-value");
    }

    @Test
    void largeAnswersArriveWhole() throws Exception {
        HttpResponse<String> answer = server.get("/large");
        assertThat(answer.body()).hasSize(5_000_000);
        assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(5_000_000);
    }

    @Test
    void typeOfTheRequestIsNotTheTypeOfTheAnswer() throws Exception {
        String page = "<script>alert(1)</script>";
        HttpResponse<String> html = server.send("POST", "/echo", page, "Content-Type", "text/html");
        assertThat(html.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
        HttpResponse<String> json = server.send("POST", "/echo", "{\"a\":1}", "Content-Type", "application/json");
        assertThat(json.headers().firstValue("Content-Type")).contains("application/json");
    }

    @Test
    void routeThatAsksForAStreamGetsOne() throws Exception {
        assertThat(server.send("POST", "/stream", "12345", "Content-Type", "text/plain")
                        .body())
                .isEqualTo("stream of 5");
    }
}
