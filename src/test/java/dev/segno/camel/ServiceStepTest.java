package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.segno.run.Attempt;
import dev.segno.run.Run;
import dev.segno.run.RunState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A step that calls a service through {@code kamelet:call}: who tries again, how often, and with which key. */
class ServiceStepTest {

    private record Request(
            String method, String path, @Nullable String key) {}

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<String> targets = new CopyOnWriteArrayList<>();
    private final Deque<Integer> statuses = new ConcurrentLinkedDeque<>();
    private RouteHarness harness;
    private HttpServer peer;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        harness = new RouteHarness(directory);
        peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        peer.createContext("/", exchange -> {
            Headers headers = exchange.getRequestHeaders();
            targets.add(exchange.getRequestURI().toString());
            requests.add(new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    headers.getFirst("Idempotency-Key")));
            Integer status = statuses.poll();
            byte[] answer = "{\"isProcessing\": false}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status == null ? 200 : status, head ? -1 : answer.length);
            if (!head) {
                exchange.getResponseBody().write(answer);
            }
            exchange.close();
        });
        peer.start();
        harness.settings.put("PEER_URL", "http://127.0.0.1:" + peer.getAddress().getPort());
        harness.file("shared/three.camel.yaml", """
                - routeConfiguration:
                    id: three
                    errorHandler:
                      defaultErrorHandler:
                        redeliveryPolicy:
                          maximumRedeliveries: 2
                """);
    }

    @AfterEach
    void close() {
        harness.close();
        peer.stop(0);
    }

    private Run call(String options) {
        harness.file(
                        "test/sync.camel.yaml",
                        RouteHarness.orchestration("sync", "    routeConfigurationId: three\n", """
                                - step:
                                    id: call
                                    steps:
                                      - to: "kamelet:call?service=peer&path=/run%s"
                                """.formatted(options)))
                .start();
        return harness.run(null);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
    void whatMayPassIsTriedAgainWithTheSameKey(int status) {
        statuses.addAll(List.of(status, status));

        Run run = call("");

        assertThat(run.state()).isEqualTo(RunState.COMPLETED);
        assertThat(requests).hasSize(3).containsOnly(new Request("POST", "/run", run.id() + "/call"));
        assertThat(harness.store().attempts(run.id()))
                .extracting(Attempt::number)
                .containsExactly(1, 2);
    }

    @Test
    void aQueryInThePathIsRefusedForItWouldEndAtItsFirstAmpersand() {
        assertThatThrownBy(() -> call("?limit=5&id=7")).hasStackTraceContaining("Write it as query: limit=5, id={id}");
        assertThat(requests).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kamelet:call?service=${variable.who}&path=/run/${variable.what}&timeoutMs=5000",
                "kamelet:call?path=/run/${variable.what}&service=${variable.who}",
                "kamelet:call?service=peer&path=/run/{what}&tries=1"
            })
    void anAddressThatIsComputedReachesTheServiceAsItIs(String address) {
        callComputed(address, "a-b");

        assertThat(targets).containsExactly("/run/a-b");
    }

    @Test
    void blanksInAnAddressThatIsComputedStayBlanks() {
        callComputed("kamelet:call?service=peer&path=/run/${variable.what}&query=a=1, b={what}", "Ann Lee");

        assertThat(targets).containsExactly("/run/Ann%20Lee?a=1&b=Ann%20Lee");
    }

    private void callComputed(String address, String what) {
        harness.file("test/sync.camel.yaml", RouteHarness.orchestration("sync", "", """
                - setVariable: {name: who, constant: peer}
                - setVariable: {name: what, constant: %s}
                - step:
                    id: call
                    steps:
                      - toD: "%s"
                """.formatted(what, address)))
                .start();

        assertThat(harness.run(null).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aRefusalCanBeAnAnswer() {
        statuses.addAll(List.of(503, 404));

        Run run = call("&refusals=take");

        assertThat(run.state()).isEqualTo(RunState.COMPLETED);
        assertThat(requests).hasSize(2);
    }

    @Test
    void aRouteThatIsCalledFromADoTryKeepsThePolicyThatItNames() {
        statuses.addAll(List.of(503, 503, 503));
        harness.file("test/sync.camel.yaml", RouteHarness.orchestration("sync", "", """
                                - doTry:
                                    steps:
                                      - to: {id: called, uri: "direct:call"}
                                    doCatch:
                                      - exception: [java.lang.Exception]
                                        steps:
                                          - setBody: {constant: caught}
                                """) + """
                - route:
                    id: sync-call
                    routeConfigurationId: three
                    from:
                      uri: direct:call
                      steps:
                        - step:
                            id: call
                            steps:
                              - to: "kamelet:call?service=peer&path=/run"
                """)
                .start();

        Run run = harness.run(null);

        assertThat(run.state()).isEqualTo(RunState.COMPLETED);
        assertThat(requests).hasSize(3).containsOnly(new Request("POST", "/run", run.id() + "/called/call"));
        assertThat(harness.store().attempts(run.id()))
                .extracting(Attempt::number)
                .containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 409, 422})
    void whatIsWrongIsNot(int status) {
        statuses.add(status);

        RunState state = call("").state();
        assertThat(requests).hasSize(1);
        assertThat(state).isEqualTo(RunState.PARKED);
    }

    @Test
    void theTriesAreUsedUpAndTheRunIsParked() {
        statuses.addAll(List.of(503, 503, 503));

        Run run = call("");

        assertThat(run.state()).isEqualTo(RunState.PARKED);
        assertThat(requests).as("the kamelet and Camel add none").hasSize(3);
        harness.engine().retry(run.id()).join();
        harness.completed(run.id());
        assertThat(requests).extracting(Request::key).containsOnly(run.id() + "/call");
    }

    @Test
    void neverMeansNever() {
        statuses.add(503);

        assertThat(call("&retry=never").state()).isEqualTo(RunState.PARKED);
        assertThat(requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void whatHasNoEffectHasNoKey(String method) {
        Run run = call("&method=" + method);

        assertThat(run.state()).isEqualTo(RunState.COMPLETED);
        assertThat(requests).containsExactly(new Request(method, "/run", null));
    }

    /** The breaker opens behind 20 calls, most of which failed, and lets one through after five seconds. */
    @Test
    void anOpenBreakerIsWaitedOutAndUsesUpNoAttempt() {
        statuses.addAll(Collections.nCopies(20, 503));
        harness.file("shared/three.camel.yaml", """
                - routeConfiguration:
                    id: three
                    errorHandler:
                      defaultErrorHandler:
                        redeliveryPolicy:
                          maximumRedeliveries: 20
                """);

        Run run = call("");

        assertThat(run.state()).isEqualTo(RunState.COMPLETED);
        assertThat(requests).hasSize(21).containsOnly(new Request("POST", "/run", run.id() + "/call"));
        assertThat(harness.store().attempts(run.id())).hasSize(20);
        assertThat(Duration.between(
                        harness.store().attempts(run.id()).get(19).endedAt(),
                        harness.record(run.id(), "call").endedAt()))
                .isGreaterThan(Duration.ofSeconds(4));
    }

    @Test
    void aBusyPeerIsWaitedOutWithTheSameKeyAndUsesUpNoAttempt() {
        statuses.add(409);

        Run run = call("&busyStatus=409&busyPath=/status");

        assertThat(run.state()).isEqualTo(RunState.COMPLETED);
        assertThat(requests)
                .containsExactly(
                        new Request("POST", "/run", run.id() + "/call"),
                        new Request("GET", "/status", null),
                        new Request("POST", "/run", run.id() + "/call"));
        assertThat(harness.store().attempts(run.id())).isEmpty();
    }

    @Test
    void aPeerThatIsNotThereIsTriedAgain() {
        peer.stop(0);

        Run run = call("");

        assertThat(run.state()).isEqualTo(RunState.PARKED);
        assertThat(harness.store().attempts(run.id())).hasSize(3);
    }

    @Test
    void aChildRunIsStartedUnderTheKeyOfItsStep() throws Exception {
        harness.file("test/child.camel.yaml", RouteHarness.orchestration("child", "", """
                        - step:
                            id: work
                            steps:
                              - to: effect:work
                        """))
                .sync("""
                        - step:
                            id: first
                            steps:
                              - to: effect:first
                        - step:
                            id: start
                            steps:
                              - to: orchestration:child?mode=sync
                              - to: effect:second
                        """);
        CrashProof.Undisturbed whole = CrashProof.of(harness, "in");

        assertThat(whole.journal()).containsExactly("first", "start");
        assertThat(harness.world.effects().stream().filter("first"::equals).count())
                .isGreaterThan(1);
        // One child for each of the parents, however often their steps were repeated.
        assertThat(harness.store()
                        .list(new dev.segno.run.RunQuery(
                                java.util.Optional.of("child"),
                                java.util.Optional.empty(),
                                java.util.Optional.empty(),
                                500)))
                .hasSize(5);
    }
}
