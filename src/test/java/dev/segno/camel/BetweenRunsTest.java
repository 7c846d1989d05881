package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.segno.camel.yaml.Problem;
import dev.segno.run.Run;
import dev.segno.run.RunQuery;
import dev.segno.run.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What stands between runs: batches and keys that outlive the process, and one run for each batch. */
class BetweenRunsTest extends RouteTest {

    private static final String TAKE = """
            - step:
                id: take
                steps:
                  - to: effect:take
            """;

    private RouteHarness collecting(String options) {
        harness.timersTakeTime = true;
        return harness.sync(TAKE).file("test/collect.camel.yaml", collect(options, "orchestration:sync"));
    }

    private static String collect(String options, String to) {
        return """
                - route:
                    id: collect
                    from:
                      uri: effect:in
                      steps:
                        - aggregate:
                            id: by-region
                            correlationExpression: {header: region}
                            aggregationRepository: "#segnoAggregation"
                            aggregationStrategy: "#collectBodies"
                %s
                            steps:
                              - to: %s
                """.formatted(options.indent(12).stripTrailing(), to);
    }

    /** Sends a message, and returns when it has been answered. */
    private void send(String region, Object body) throws Exception {
        send(Map.of("region", region), body);
    }

    private void send(Map<String, Object> headers, Object body) throws Exception {
        harness.world.send("in", headers, body);
    }

    private List<Run> runs() {
        return harness.store().list(new RunQuery(Optional.of("sync"), Optional.empty(), Optional.empty(), 100));
    }

    /** The runs when there are so many, all of them completed; oldest first. */
    private List<Run> completed(int count) {
        await().atMost(Duration.ofSeconds(30)).until(() -> runs().size() >= count);
        List<Run> found = new ArrayList<>();
        for (Run run : runs()) {
            found.add(0, harness.completed(run.id()));
        }
        assertThat(found).hasSize(count);
        return found;
    }

    @Test
    void aBatchGoesOnCollectingAfterARestartAndBecomesOneRun() throws Exception {
        collecting("completionSize: 3").start();
        send("eu", Map.of("item", 1));
        send("us", Map.of("item", 7));
        send("eu", Map.of("item", 2));
        harness.restart();
        assertThat(runs()).isEmpty();
        send("eu", Map.of("item", 3));

        Run run = completed(1).get(0);
        assertThat(harness.output(run)).isEqualTo(List.of(Map.of("item", 1), Map.of("item", 2), Map.of("item", 3)));
        assertThat(run.startKey()).startsWith("eu/").hasSizeGreaterThan("eu/".length());
    }

    @Test
    void eachBatchOfACorrelationIsARunOfItsOwn() throws Exception {
        collecting("completionSize: 2").start();
        for (int item = 1; item <= 6; item++) {
            send("eu", item);
        }

        List<Run> three = completed(3);
        assertThat(three).extracting(Run::startKey).doesNotHaveDuplicates();
        assertThat(three)
                .extracting(run -> harness.output(run))
                .containsExactlyInAnyOrder(List.of(1, 2), List.of(3, 4), List.of(5, 6));
    }

    @Test
    void aCompleteBatchStaysUntilItIsARun() throws Exception {
        collecting("completionSize: 2").start();
        harness.runtime().loader().keepIn(harness.data());
        harness.runtime().loader().enable("sync", false);
        send("eu", 1);
        send("eu", 2);
        harness.restart();

        Run run = completed(1).get(0);
        assertThat(harness.output(run)).isEqualTo(List.of(1, 2));
        assertThat(run.startKey()).startsWith("eu/");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(complete()).isEmpty());
    }

    private java.util.Set<String> complete() {
        return ((dev.segno.store.SqliteRunStore) harness.store())
                .betweenRuns()
                .batches()
                .complete("collect/by-region");
    }

    @Test
    void aMessageThatIsABatchByItselfStaysToo() throws Exception {
        collecting("completionPredicate: {simple: \"${header.last} == 'yes'\"}").start();
        harness.runtime().loader().keepIn(harness.data());
        harness.runtime().loader().enable("sync", false);
        send(Map.of("region", "eu", "last", "yes"), "only one");
        harness.restart();

        assertThat(harness.output(completed(1).get(0))).isEqualTo(List.of("only one"));
    }

    @Test
    void aBatchWaitsForTheSingletonThatIsInItsWay() throws Exception {
        harness.timersTakeTime = true;
        CompletableFuture<String> gate = new CompletableFuture<>();
        harness.world.on(
                "take",
                exchange -> exchange.getMessage().getBody() == null
                        ? gate.get()
                        : exchange.getMessage().getBody());
        harness.file(
                        "test/sync.camel.yaml",
                        RouteHarness.orchestration("sync", "", TAKE)
                                .replace("uri: orchestration:sync", "uri: orchestration:sync?singleton=true"))
                .file("test/collect.camel.yaml", collect("completionSize: 1", "orchestration:sync"))
                .start();
        String inTheWay = harness.begin(null);
        await().until(() -> harness.engine().live(inTheWay).isPresent());
        send("eu", 1);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(complete()).hasSize(1));
        gate.complete("done");

        List<Run> both = completed(2);
        assertThat(harness.output(both.get(1))).isEqualTo(List.of(1));
    }

    @Test
    void aTimeoutIsSetAgainAfterARestart() throws Exception {
        collecting("completionTimeout: \"1500\"").start();
        send("eu", 1);
        harness.restart();

        assertThat(harness.output(completed(1).get(0))).isEqualTo(List.of(1));
    }

    @Test
    void messagesThatComeAtOnceAreAllInTheBatch() throws Exception {
        collecting("completionSize: 120").start();
        ExecutorService senders = Executors.newFixedThreadPool(6);
        try {
            List<CompletableFuture<Void>> sent = IntStream.range(0, 120)
                    .mapToObj(item -> CompletableFuture.runAsync(() -> sendOne(item), senders))
                    .toList();
            for (CompletableFuture<Void> one : sent) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            senders.shutdownNow();
        }

        Object output = harness.output(completed(1).get(0));
        assertThat(output).isInstanceOf(List.class);
        assertThat(new HashSet<Object>((List<?>) output)).hasSize(120);
    }

    private void sendOne(int item) {
        try {
            send("eu", item);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aNewVersionOfTheRouteGoesOnWithTheBatchesOfTheOldOne() throws Exception {
        collecting("completionSize: 3").start();
        send("eu", 1);
        send("eu", 2);
        assertThat(harness.save("test/collect.camel.yaml", collect("completionSize: 4", "orchestration:sync")))
                .isEmpty();
        send("eu", 3);
        assertThat(runs()).isEmpty();
        send("eu", 4);

        assertThat(harness.output(completed(1).get(0))).isEqualTo(List.of(1, 2, 3, 4));
    }

    @Test
    void whatIsNoJsonIsRefusedAndNotAnswered() throws Exception {
        collecting("completionSize: 3").start();

        assertThatThrownBy(() -> send("eu", new byte[] {1})).hasStackTraceContaining("convertBodyTo: String");
        assertThatThrownBy(() -> send("eu", Instant.EPOCH)).hasStackTraceContaining("cannot be recorded");
    }

    @Test
    void anAggregateInMemoryIsWarnedOfAndOneInARunIsRefused() throws Exception {
        harness.file(
                "test/collect.camel.yaml",
                collect("completionSize: 3", "orchestration:sync")
                        .replaceAll("(?m)^ *aggregationRepository:.*\\R", ""));
        harness.sync("""
                - aggregate:
                    correlationExpression: {header: region}
                    aggregationRepository: "#segnoAggregation"
                    aggregationStrategy: "#collectBodies"
                    completionSize: 3
                    steps:
                      - to: effect:take
                """);
        harness.load();

        assertThat(harness.problems())
                .extracting(Problem::what)
                .singleElement()
                .asString()
                .contains("'aggregate' in a run");
        assertThat(harness.runtime().loader().problemsOf("test/collect.camel.yaml"))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.isError()).isFalse();
                    assertThat(problem.what()).contains("collects in memory");
                });
    }

    // Messages that come twice.

    private RouteHarness once(String options) {
        harness.timersTakeTime = true;
        return harness.sync(TAKE)
                .file("test/once.camel.yaml", """
                - route:
                    id: once
                    from:
                      uri: effect:in
                      steps:
                        - idempotentConsumer:
                            id: by-number
                            idempotentRepository: "#segnoIdempotent"
                            simple: "${header.number}"
                %s
                            steps:
                              - to: effect:deal
                """.formatted(options.indent(12).stripTrailing()));
    }

    private long dealtWith() {
        return harness.world.effects().stream().filter("deal"::equals).count();
    }

    @Test
    void aMessageThatWasDealtWithIsLeftOutAlsoAfterARestart() throws Exception {
        once("").start();
        send(Map.of("number", "a"), "x");
        send(Map.of("number", "a"), "x");
        assertThat(dealtWith()).isEqualTo(1);
        harness.restart();
        send(Map.of("number", "a"), "x");
        send(Map.of("number", "b"), "x");

        assertThat(dealtWith()).isEqualTo(2);
    }

    @Test
    void aMessageThatFailedOrWasInterruptedIsTakenAgain() throws Exception {
        once("").start();
        harness.world.on("deal", exchange -> {
            throw new IllegalStateException("not now");
        });
        assertThatThrownBy(() -> send(Map.of("number", "a"), "x")).hasStackTraceContaining("not now");
        harness.world.heal("deal");
        send(Map.of("number", "a"), "x");
        assertThat(dealtWith()).isEqualTo(2);

        CompletableFuture<String> never = new CompletableFuture<>();
        CompletableFuture<String> begun = new CompletableFuture<>();
        harness.world.on("deal", exchange -> {
            begun.complete("");
            return never.get();
        });
        CompletableFuture<Void> interrupted = CompletableFuture.runAsync(() -> sendQuietly(Map.of("number", "b")));
        begun.get(30, TimeUnit.SECONDS);
        harness.world.heal("deal");
        harness.restart();
        send(Map.of("number", "b"), "x");
        assertThat(dealtWith()).isEqualTo(3);
        never.completeExceptionally(new IllegalStateException("the process has died"));
        interrupted.get(30, TimeUnit.SECONDS);
    }

    private void sendQuietly(Map<String, Object> headers) {
        try {
            send(headers, "x");
        } catch (Exception e) {
            assertThat(e).hasStackTraceContaining("the process has died");
        }
    }

    @Test
    void aKeyCountsForAWeek() throws Exception {
        SettableClock clock = new SettableClock(Instant.parse("2026-03-01T00:00:00Z"));
        harness.clock = clock;
        once("").start();
        send(Map.of("number", "a"), "x");
        clock.advance(Duration.ofDays(7));
        send(Map.of("number", "a"), "x");
        assertThat(dealtWith()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(1));
        send(Map.of("number", "a"), "x");
        assertThat(dealtWith()).isEqualTo(2);
    }

    @Test
    void aPromiseThatCannotBeKeptIsRefused() throws Exception {
        once("eager: false").load();
        assertThat(harness.problems())
                .extracting(Problem::what)
                .singleElement()
                .asString()
                .contains("eager: false");
    }

    @Test
    void insideAStepAKeyCountsFromTheEndOfTheBlock() throws Exception {
        harness.sync("""
                - step:
                    id: take
                    steps:
                      - idempotentConsumer:
                          idempotentRepository: "#segnoIdempotent"
                          simple: "${body[number]}"
                          steps:
                            - to: effect:deal
                - step:
                    id: after
                    steps:
                      - to: effect:after
                """).start();
        harness.world.on("after", exchange -> {
            throw new IllegalStateException("parks");
        });
        harness.run(Map.of("number", "a"));
        harness.run(Map.of("number", "a"));
        harness.restart();
        harness.run(Map.of("number", "a"));

        assertThat(dealtWith()).isEqualTo(1);
    }
}
