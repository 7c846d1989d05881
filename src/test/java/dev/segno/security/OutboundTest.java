package dev.segno.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import dev.segno.security.OutboundFailure.Reason;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetServer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundTest {

    private static final OutboundRules STRICT = OutboundRules.from(Settings.of(Map.of()));
    private static final OutboundRules LOOPBACK =
            OutboundRules.from(Settings.of(Map.of("OUTBOUND_ALLOW_CIDRS", "127.0.0.1/32")));

    private static final Vertx VERTX = Vertx.vertx();
    private static final AtomicInteger CONNECTS = new AtomicInteger();
    private static int canary;

    @BeforeAll
    static void listen() {
        NetServer server = VERTX.createNetServer().connectHandler(socket -> {
            CONNECTS.incrementAndGet();
            socket.close();
        });
        canary = await(server.listen(0, "127.0.0.1")).actualPort();
    }

    @AfterAll
    static void close() {
        await(VERTX.close());
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    /** What a call ends with; {@code PORT} in the URL is the canary's. */
    private static Throwable failureOf(OutboundRules rules, HostResolver resolver, String url) {
        return failureOf(rules, resolver, url, Duration.ofSeconds(30));
    }

    private static Throwable failureOf(OutboundRules rules, HostResolver resolver, String url, Duration time) {
        try (OutboundClient client = new OutboundClient(VERTX, rules, resolver, time)) {
            CompletableFuture<OutboundClient.Answer> answer = client.get(
                            "base_url", url.replace("PORT", String.valueOf(canary)), Map.of())
                    .toCompletionStage()
                    .toCompletableFuture();
            try {
                OutboundClient.Answer got =
                        answer.orTimeout(30, TimeUnit.SECONDS).join();
                throw new AssertionError("an answer with " + got.status());
            } catch (CompletionException e) {
                return Objects.requireNonNull(e.getCause());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Loopback, in each spelling
                "http://127.0.0.1:PORT/",
                "http://127.255.0.1:PORT/",
                "http://localhost:PORT/",
                "http://LOCALHOST.:PORT/",
                "http://a.localhost:PORT/",
                "http://127.1:PORT/",
                "http://127.0.1:PORT/",
                "http://2130706433:PORT/",
                "http://0x7f000001:PORT/",
                "http://0x7F.0.0.1:PORT/",
                "http://0177.0.0.1:PORT/",
                "http://017700000001:PORT/",
                "http://127.0.0.01:PORT/",
                "http://127.0.0.1.:PORT/",
                "http://127.0.0.0x1:PORT/",
                "http://4294967297:PORT/",
                "http://0:PORT/",
                "http://0.0.0.0:PORT/",
                "http://[::]:PORT/",
                "http://[::1]:PORT/",
                "http://[0:0:0:0:0:0:0:1]:PORT/",
                "http://[::ffff:127.0.0.1]:PORT/",
                "http://[::ffff:7f00:1]:PORT/",
                "http://[::127.0.0.1]:PORT/",
                "http://[64:ff9b::7f00:1]:PORT/",
                "http://[64:ff9b:1::7f00:1]:PORT/",
                "http://[2002:7f00:1::]:PORT/",
                "http://[2001:0:7f00:1::]:PORT/",
                "http://[::1%25lo]:PORT/",
                "http://[fe80::1%eth0]:PORT/",
                "http://\uff11\uff12\uff17.0.0.1:PORT/",
                "http://127\u30020\u30020\u30021:PORT/",
                "http://%31%32%37.0.0.1:PORT/",
                // What clouds and networks keep to themselves
                "http://169.254.169.254/latest/meta-data/",
                "http://2852039166/",
                "http://[::ffff:169.254.169.254]/",
                "http://[fd00:ec2::254]/",
                "http://[fe80::1]/",
                "http://[fec0::1]/",
                "http://[fc00::1]/",
                "http://[ff02::1]/",
                "http://[100::1]/",
                "http://[2001:db8::1]/",
                "http://10.0.0.1/",
                "http://172.16.0.1/",
                "http://172.31.255.255/",
                "http://192.168.1.1/",
                "http://100.64.0.1/",
                "http://192.0.0.192/",
                "http://198.18.0.1/",
                "http://224.0.0.1/",
                "http://255.255.255.255/",
                // What is no URL of a service
                "http://user:pass@example.com/",
                "http://127.0.0.1:PORT@example.com/",
                "http://example.com@127.0.0.1:PORT/",
                "http://example.com\\@127.0.0.1:PORT/",
                "http://127.0.0.1:PORT\r\nHost: example.com/",
                "http://example.com:0/",
                "http://example.com:65536/",
                "http:///path",
                "http:127.0.0.1",
                "//127.0.0.1:PORT/",
                "file:///etc/passwd",
                "ftp://127.0.0.1:PORT/",
                "gopher://127.0.0.1:PORT/",
                "jar:http://127.0.0.1:PORT/!/",
                "unix:///var/run/docker.sock",
                "not-a-valid-url",
                "",
            })
    void S13_noSpellingOfAnInnerAddressIsTakenOrCalled(String form) {
        String url = form.replace("PORT", String.valueOf(canary));
        assertThatThrownBy(() -> STRICT.require("base_url", url))
                .isInstanceOfSatisfying(ApiException.class, refused -> {
                    assertThat(refused.error().status()).isEqualTo(400);
                    assertThat(refused.error().code()).isEqualTo("url_not_allowed");
                    assertThat(refused.error().message())
                            .startsWith("base_url ")
                            .doesNotContain("127.0", "pass@");
                });
        assertThat(failureOf(STRICT, HostResolver.SYSTEM, form)).isInstanceOf(ApiException.class);
        assertThat(CONNECTS).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://docs:5087",
                "https://my_service.internal:8443/base?a=b#c",
                "HTTP://Example.com",
                "http://8.8.8.8/",
                "http://[2606:4700:4700::1111]/",
                "http://127.0.0.1.example.com/",
                "http://0x7f.example/",
            })
    void S13_namesPassUnresolvedAndPublicAddressesPass(String url) {
        assertThat(STRICT.require("base_url", url)).hasToString(url);
    }

    @Test
    void S13_everyAddressOfANameIsChecked() throws Exception {
        for (List<String> addresses : List.of(
                List.of("127.0.0.1"),
                List.of("8.8.8.8", "127.0.0.1"),
                List.of("127.0.0.1", "8.8.8.8"),
                List.of("::1", "2606:4700:4700::1111"),
                List.of("10.9.8.7"),
                List.of("169.254.169.254"))) {
            List<InetAddress> resolved = new ArrayList<>();
            for (String address : addresses) {
                resolved.add(InetAddress.getByName(address));
            }
            Throwable failure = failureOf(STRICT, host -> resolved, "http://inner.example:PORT/");
            assertThat(failure)
                    .isInstanceOfSatisfying(
                            OutboundFailure.class,
                            refused -> assertThat(refused.reason()).isEqualTo(Reason.NOT_ALLOWED));
        }
        assertThat(CONNECTS).hasValue(0);
    }

    @Test
    void S13_aNameIsResolvedOnceAndTheCallGoesToTheAddressThatWasChecked() throws Exception {
        InetAddress allowed = InetAddress.getLoopbackAddress();
        InetAddress metadata = InetAddress.getByName("169.254.169.254");
        AtomicInteger asked = new AtomicInteger();
        HostResolver rebinding = host -> List.of(asked.getAndIncrement() == 0 ? allowed : metadata);
        List<String> hosts = new ArrayList<>();
        try (Peer peer = Peer.listen(request -> {
                    hosts.add(request.getHeader("Host"));
                    request.response().end("here");
                });
                OutboundClient client = new OutboundClient(VERTX, LOOPBACK, rebinding, Duration.ofSeconds(30))) {
            // No name server knows this name: whoever asked again would get nowhere.
            String url = "http://rebinding.invalid:" + peer.port() + "/a?b=c";
            OutboundClient.Answer answer = await(client.get("base_url", url, Map.of("Host", "other")));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).hasToString("here");
            assertThat(asked).hasValue(1);
            assertThat(hosts).containsExactly("rebinding.invalid:" + peer.port());
            assertThatThrownBy(() -> await(client.get("base_url", url, Map.of())))
                    .cause()
                    .isInstanceOf(OutboundFailure.class)
                    .hasMessageContaining("not on the public Internet");
            assertThat(hosts).hasSize(1);
        }
    }

    @Test
    void S13_redirectsAreNotFollowedAndErrorsHoldNothingOfTheAnswer() throws Exception {
        try (Peer peer = Peer.listen(request -> {
            switch (request.path()) {
                case "/redirect" ->
                    request.response()
                            .setStatusCode(302)
                            .putHeader("Location", "http://127.0.0.1:" + canary + "/canary-text")
                            .end("canary-text");
                case "/large" -> request.response().end(Buffer.buffer(new byte[OutboundClient.MAX_BODY + 1]));
                case "/largest" -> request.response().end(Buffer.buffer(new byte[OutboundClient.MAX_BODY]));
                case "/broken" ->
                    request.response()
                            .putHeader("Content-Length", "1000")
                            .write("canary-text")
                            .onComplete(written -> request.connection().close());
                case "/slow" -> request.response().setChunked(true).write("canary-text");
                default -> request.response().setStatusCode(500).end("canary-text");
            }
        })) {
            String base = "http://127.0.0.1:" + peer.port();
            expect(LOOPBACK, base + "/redirect", Reason.REDIRECT, Duration.ofSeconds(30));
            expect(LOOPBACK, base + "/large", Reason.TOO_LARGE, Duration.ofSeconds(30));
            expect(LOOPBACK, base + "/broken", Reason.UNREACHABLE, Duration.ofSeconds(30));
            expect(LOOPBACK, base + "/slow", Reason.TOO_SLOW, Duration.ofMillis(300));
            try (OutboundClient client = new OutboundClient(VERTX, LOOPBACK)) {
                assertThat(await(client.get("u", base + "/largest", Map.of()))
                                .body()
                                .length())
                        .isEqualTo(OutboundClient.MAX_BODY);
                assertThat(await(client.get("u", base + "/other", Map.of())).status())
                        .isEqualTo(500);
            }
        }
        assertThat(CONNECTS).hasValue(0);
    }

    private static void expect(OutboundRules rules, String url, Reason reason, Duration time) {
        assertThat(failureOf(rules, HostResolver.SYSTEM, url, time))
                .isInstanceOfSatisfying(OutboundFailure.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(reason);
                    assertThat(failure).hasMessageNotContaining("canary");
                });
    }

    @Test
    void S13_theNameStaysInTls() throws Exception {
        ConcurrentLinkedQueue<String> hellos = new ConcurrentLinkedQueue<>();
        NetServer server = VERTX.createNetServer()
                .connectHandler(socket -> socket.handler(bytes -> {
                    hellos.add(bytes.toString("ISO-8859-1"));
                    socket.close();
                }));
        int port = await(server.listen(0, "127.0.0.1")).actualPort();
        Throwable failure = failureOf(
                LOOPBACK, host -> List.of(InetAddress.getLoopbackAddress()), "https://tls.invalid:" + port + "/");
        assertThat(failure).isInstanceOf(OutboundFailure.class);
        assertThat(hellos).hasSize(1);
        assertThat(hellos.peek()).contains("tls.invalid");
    }

    @Test
    void S13_onlyTheTwoSettingsExempt() {
        OutboundRules rules = OutboundRules.from(Settings.of(
                Map.of("OUTBOUND_ALLOW_CIDRS", "10.1.0.0/16, ::1", "OUTBOUND_ALLOW_HOSTS", "Docs, localhost")));
        assertThat(rules.require("u", "http://10.1.2.3/")).hasHost("10.1.2.3");
        assertThat(rules.require("u", "http://[::1]/")).hasHost("[::1]");
        assertThat(rules.require("u", "http://localhost:1/")).hasHost("localhost");
        assertThat(rules.admits("docs.", InetAddress.getLoopbackAddress())).isTrue();
        assertThat(rules.admits("docs2", InetAddress.getLoopbackAddress())).isFalse();
        for (String url : List.of("http://10.2.0.1/", "http://127.0.0.1/", "http://[::2]/")) {
            assertThatThrownBy(() -> rules.require("u", url)).isInstanceOf(ApiException.class);
        }
        for (Map<String, String> wrong : List.of(
                Map.of("OUTBOUND_ALLOW_CIDRS", "10.1/16"),
                Map.of("OUTBOUND_ALLOW_CIDRS", "10.0.0.0/33"),
                Map.of("OUTBOUND_ALLOW_CIDRS", "docs"),
                Map.of("OUTBOUND_ALLOW_HOSTS", "http://docs"),
                Map.of("OUTBOUND_ALLOW_HOSTS", "docs:80"))) {
            assertThatThrownBy(() -> OutboundRules.from(Settings.of(wrong)))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageStartingWith("setting OUTBOUND_ALLOW_");
        }
    }

    /** A server that is called. */
    private record Peer(HttpServer server) implements AutoCloseable {

        static Peer listen(Handler<HttpServerRequest> answers) {
            return new Peer(
                    await(VERTX.createHttpServer().requestHandler(answers).listen(0, "127.0.0.1")));
        }

        int port() {
            return server.actualPort();
        }

        @Override
        public void close() {
            await(server.close());
        }
    }
}
