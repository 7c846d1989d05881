package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.run.Run;
import dev.segno.run.RunState;
import dev.segno.run.StepError;
import dev.segno.run.StepRecord;
import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** doTry, onException, onCompletion: what is handled is history and replays, what is not leaves the step open. */
class HandledFailuresTest extends RouteTest {

    private static final String DO_TRY = """
            - doTry:
                steps:
                  - step:
                      id: reserve
                      steps:
                        - to: effect:reserve
                doCatch:
                  - exception: [java.lang.IllegalStateException]
                    steps:
                      - step:
                          id: first
                          steps:
                            - to: effect:first
                            - setBody: {simple: "first ${exception.message}"}
                  - exception: [java.io.IOException]
                    onWhen: {simple: "${exception.message} contains 'sold'"}
                    steps:
                      - step:
                          id: second
                          steps:
                            - to: effect:second
                            - setBody: {simple: "second ${exception.message}"}
                  - exception: [java.lang.Exception]
                    steps:
                      - setBody: {constant: third}
                doFinally:
                  steps:
                    - step:
                        id: tidy
                        steps:
                          - to: effect:tidy
            - step:
                id: report
                steps:
                  - to: effect:report
            """;

    /** Cannot be made again from a message. */
    static final class SoldOut extends IOException {
        private static final long serialVersionUID = 1L;

        SoldOut(int item) {
            super("item " + item + " is sold out");
        }
    }

    private void failing(String effect, Exception failure) {
        harness.world.on(effect, exchange -> {
            throw failure;
        });
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new IllegalStateException("no"), "first", "first no"),
                Arguments.of(new IOException("sold"), "second", "second sold"),
                Arguments.of(new SoldOut(7), "second", "second item 7 is sold out"),
                Arguments.of(
                        new IllegalArgumentException("sold, wrapped", new SoldOut(7)),
                        "second",
                        "second sold, wrapped"),
                Arguments.of(new ConnectException("refused"), "", "third"),
                Arguments.of(new IllegalArgumentException("no"), "", "third"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void aCaughtFailureReplaysIntoTheSameClause(Exception failure, String clause, String output) throws Exception {
        failing("reserve", failure);
        harness.world.on("second", exchange -> null);

        CrashProof.Undisturbed whole = CrashProof.of(harness.sync(DO_TRY), "in");

        assertThat(whole.output()).isEqualTo(output);
        assertThat(whole.places())
                .containsExactlyElementsOf(
                        clause.isEmpty() ? List.of("tidy", "report") : List.of(clause, "tidy", "report"));
        assertThat(whole.journal()).startsWith("reserve failed");
    }

    @Test
    void withoutAFailureNoClauseIsTaken() throws Exception {
        CrashProof.Undisturbed whole = CrashProof.of(harness.sync(DO_TRY), "in");

        assertThat(whole.places()).containsExactly("reserve", "tidy", "report");
        assertThat(whole.output()).isEqualTo("in");
    }

    @Test
    void aStepInsideADoTryIsTriedOnce() {
        failing("reserve", new ConnectException("refused"));
        harness.file("shared/three.camel.yaml", THREE_TRIES)
                .file("test/sync.camel.yaml", RouteHarness.orchestration("sync", CONFIGURED, DO_TRY))
                .start();

        Run run = harness.completed(harness.begin("in"));

        assertThat(harness.world.effects()).containsExactly("reserve", "tidy", "report");
        assertThat(harness.record(run.id(), "reserve").outcome()).isInstanceOf(StepRecord.HandledFailure.class);
    }

    private static final String CONFIGURED = "    routeConfigurationId: three\n";

    private static final String THREE_TRIES = """
            - routeConfiguration:
                id: three
                errorHandler:
                  defaultErrorHandler:
                    redeliveryPolicy:
                      maximumRedeliveries: 2
            """;

    private static final String RESERVE_AND_REPORT = """
            - step:
                id: reserve
                steps:
                  - to: effect:reserve
            - step:
                id: report
                steps:
                  - to: effect:report
            """;

    private static String onException(String exception, String mode, String steps) {
        return """
                - onException:
                    exception: [%s]
                %s
                    steps:
                %s
                """.formatted(exception, mode.indent(4).stripTrailing(), steps.indent(6));
    }

    private static final String NOTIFY_AND_MAIL = """
            - step:
                id: notify
                steps:
                  - to: effect:notify
            - step:
                id: mail
                steps:
                  - to: effect:mail
                  - setBody: {constant: handled}
            """;

    private RouteHarness withHandler(String handler, String steps) {
        return harness.file("test/sync.camel.yaml", handler + RouteHarness.orchestration("sync", "", steps));
    }

    static Stream<Arguments> handled() {
        return Stream.of(
                Arguments.of("java.io.IOException", new IOException("full")),
                Arguments.of("java.io.IOException", new SoldOut(7)),
                Arguments.of("java.io.IOException", new IllegalArgumentException("wrapped", new SoldOut(7))));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("handled")
    void anOnExceptionThatHandlesEndsTheRoute(String exception, Exception failure) throws Exception {
        failing("reserve", failure);
        withHandler(
                onException("java.lang.IllegalStateException", "handled: {constant: \"true\"}", "- stop: {}")
                        + onException(exception, "handled: {constant: \"true\"}", NOTIFY_AND_MAIL),
                RESERVE_AND_REPORT);

        CrashProof.Undisturbed whole = CrashProof.of(harness, "in");

        assertThat(whole.places()).containsExactly("onException[0]/notify", "onException[0]/mail");
        assertThat(whole.journal()).containsExactly("reserve failed", "onException[0]/notify", "onException[0]/mail");
        assertThat(whole.output()).isEqualTo("handled");
    }

    @Test
    void anOnExceptionWithoutStepsThatHandlesReplays() throws Exception {
        failing("b", new SoldOut(7));
        withHandler(
                onException("java.lang.Exception", "handled: {constant: \"true\"}", "- setBody: {constant: handled}"),
                """
                - step:
                    id: fetch
                    steps:
                      - to: effect:fetch
                - split:
                    constant: a,b
                    aggregationStrategy: collectBodies
                    steps:
                      - step:
                          id: reserve
                          steps:
                            - toD: effect:${body}
                - step:
                    id: report
                    steps:
                      - to: effect:report
                """);

        CrashProof.Undisturbed whole = CrashProof.of(harness, "in");

        assertThat(whole.journal()).containsExactly("fetch", "split[0]/reserve", "split[1]/reserve failed", "report");
        assertThat(whole.output()).isEqualTo(List.of("a", "handled"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("handled")
    void anOnExceptionThatContinuesGoesOnBehindTheStep(String exception, Exception failure) throws Exception {
        failing("reserve", failure);
        failing("report", failure);
        withHandler(
                onException(exception, "continued: {constant: \"true\"}", NOTIFY_AND_MAIL), RESERVE_AND_REPORT + """
                        - step:
                            id: end
                            steps:
                              - to: effect:end
                        """);

        CrashProof.Undisturbed whole = CrashProof.of(harness, "in");

        assertThat(whole.places())
                .containsExactly(
                        "onException[0]/notify",
                        "onException[0]/mail",
                        "onException[0.1]/notify",
                        "onException[0.1]/mail",
                        "end");
        assertThat(whole.journal()).startsWith("reserve failed");
        assertThat(whole.output()).isEqualTo("handled");
    }

    @Test
    void anOnExceptionThatDoesNotHandleParksTheRunAtTheStepAndWorksAnewAfterARetry() {
        failing("reserve", new SoldOut(7));
        withHandler(onException("java.lang.Exception", "", NOTIFY_AND_MAIL), RESERVE_AND_REPORT)
                .start();

        String run = harness.begin("in");
        assertThat(harness.end(run).state()).isEqualTo(RunState.PARKED);
        assertThat(harness.stored(run).error())
                .isEqualTo(new StepError(SoldOut.class.getName(), "item 7 is sold out", "reserve"));
        assertThat(harness.world.effects()).containsExactly("reserve", "notify", "mail");

        harness.engine().retry(run).join();
        assertThat(harness.end(run).state()).isEqualTo(RunState.PARKED);
        assertThat(harness.journal(run))
                .containsExactly(
                        "onException[0]/notify", "onException[0]/mail", "onException[1]/notify", "onException[1]/mail");

        harness.world.heal("reserve");
        harness.engine().retry(run).join();
        assertThat(harness.end(run).state()).isEqualTo(RunState.COMPLETED);
        assertThat(harness.output(harness.stored(run))).isEqualTo("in");
        assertThat(harness.journal(run)).endsWith("reserve", "report");
    }

    @Test
    void aFailureThatASubRoutePassesOnToItsCallerReplaysThroughBoth() throws Exception {
        failing("write", new SoldOut(7));
        harness.file(
                "test/sync.camel.yaml",
                onException("java.io.IOException", "", """
                        - step:
                            id: notify
                            steps:
                              - to: effect:notify
                              - setBody: {constant: told}
                        """)
                        + RouteHarness.orchestration("sync", "", """
                        - doTry:
                            steps:
                              - to: direct:audit
                            doCatch:
                              - exception: [java.lang.Exception]
                                steps:
                                  - step:
                                      id: queue
                                      steps:
                                        - to: effect:queue
                        - step:
                            id: report
                            steps:
                              - to: effect:report
                        """)
                        + RouteHarness.direct("audit", """
                        - step:
                            id: write
                            steps:
                              - to: effect:write
                        """));

        CrashProof.Undisturbed whole = CrashProof.of(harness, "in");

        assertThat(whole.places()).containsExactly("audit/onException[0]/notify", "queue", "report");
        assertThat(whole.output()).isEqualTo("told");
    }

    @Test
    void aDoTryInsideAnOnExceptionKeepsTheScopeOfTheHandler() throws Exception {
        failing("reserve", new IOException("full"));
        failing("notify", new SoldOut(7));
        withHandler(onException("java.lang.Exception", "handled: {constant: \"true\"}", """
                        - doTry:
                            steps:
                              - step:
                                  id: notify
                                  steps:
                                    - to: effect:notify
                            doCatch:
                              - exception: [java.io.IOException]
                                steps:
                                  - step:
                                      id: queue
                                      steps:
                                        - to: effect:queue
                        - step:
                            id: mail
                            steps:
                              - to: effect:mail
                        """), RESERVE_AND_REPORT);

        CrashProof.Undisturbed whole = CrashProof.of(harness, "in");

        assertThat(whole.places()).containsExactly("onException[0]/queue", "onException[0]/mail");
        assertThat(whole.journal())
                .containsExactly(
                        "reserve failed",
                        "onException[0]/notify failed",
                        "onException[0]/queue",
                        "onException[0]/mail");
    }

    @Test
    void aDoFinallyBehindAFailureThatNobodyTookLeavesTheStepOpen() {
        failing("reserve", new SoldOut(7));
        harness.sync("""
                - doTry:
                    steps:
                      - step:
                          id: reserve
                          steps:
                            - to: effect:reserve
                    doFinally:
                      steps:
                        - step:
                            id: tidy
                            steps:
                              - to: effect:tidy
                - step:
                    id: report
                    steps:
                      - to: effect:report
                """).start();
        String run = harness.begin("in");
        assertThat(harness.end(run).state()).isEqualTo(RunState.PARKED);
        assertThat(harness.journal(run)).containsExactly("doFinally[0]/tidy");

        harness.world.heal("reserve");
        harness.engine().retry(run).join();

        assertThat(harness.end(run).state()).isEqualTo(RunState.COMPLETED);
        assertThat(harness.journal(run)).containsExactly("doFinally[0]/tidy", "reserve", "tidy", "report");
    }

    private static final String BOOK_EACH = """
            - split:
                id: items
                simple: "${body}"
                steps:
                  - step:
                      id: book
                      steps:
                        - toD: effect:${body}
            - step:
                id: report
                steps:
                  - to: effect:report
            """;

    @Test
    void aFailureThatASplitPassesOverReplaysAndIsPassedOver() throws Exception {
        failing("b", new SoldOut(2));
        harness.sync(BOOK_EACH.replace("    id: items\n", "    id: items\n    aggregationStrategy: collectBodies\n"));

        CrashProof.Undisturbed whole = CrashProof.of(harness, List.of("a", "b", "c"));

        assertThat(whole.places()).containsExactly("items[0]/book", "items[2]/book", "report");
        assertThat(whole.journal())
                .containsExactlyInAnyOrder("items[0]/book", "items[1]/book failed", "items[2]/book", "report");
    }

    @Test
    void aBranchThatFailsWhileItsSiblingsGoOnIsWhereTheRunStands() {
        failing("b", new SoldOut(2));
        harness.sync(BOOK_EACH).start();
        String run = harness.begin(List.of("a", "b", "c"));
        assertThat(harness.end(run).state()).isEqualTo(RunState.PARKED);
        assertThat(harness.stored(run).error())
                .isEqualTo(new StepError(SoldOut.class.getName(), "item 2 is sold out", "items[1]/book"));
        assertThat(harness.journal(run)).containsExactly("items[0]/book", "items[2]/book");
        harness.world.heal("b");
        harness.world.clear();

        harness.engine().retry(run).join();

        harness.completed(run);
        assertThat(harness.world.places(run)).containsExactly("items[1]/book", "report");
    }

    @Test
    void onCompletionHasAScopeOfItsOwn() throws Exception {
        harness.file("test/sync.camel.yaml", """
                - onCompletion:
                    steps:
                      - step:
                          id: tell
                          steps:
                            - to: effect:tell
                """ + RouteHarness.orchestration("sync", "", RESERVE_AND_REPORT));

        CrashProof.Undisturbed whole = CrashProof.of(harness, "in");

        assertThat(whole.places()).containsExactly("reserve", "report", "onCompletion[0]/tell");
        assertThat(whole.journal()).containsExactly("reserve", "report", "onCompletion[0]/tell");
    }

    @Test
    void onCompletionOfAParkedRunLeavesTheStepOpenAndRunsAgainAfterTheRetry() {
        failing("reserve", new SoldOut(7));
        harness.file("test/sync.camel.yaml", """
                - onCompletion:
                    steps:
                      - step:
                          id: tell
                          steps:
                            - to: effect:tell
                """ + RouteHarness.orchestration("sync", "", RESERVE_AND_REPORT));
        harness.start();
        String run = harness.begin("in");
        assertThat(harness.end(run).state()).isEqualTo(RunState.PARKED);
        assertThat(harness.journal(run)).containsExactly("onCompletion[0]/tell");

        harness.world.heal("reserve");
        harness.engine().retry(run).join();

        assertThat(harness.end(run).state()).isEqualTo(RunState.COMPLETED);
        assertThat(harness.journal(run))
                .containsExactly("onCompletion[0]/tell", "reserve", "report", "onCompletion[1]/tell");
    }

    @ParameterizedTest
    @MethodSource("containers")
    void stopOnExceptionInParallelThenARetry(String container) {
        failing("bad", new SoldOut(1));
        harness.sync(container + """
                - step:
                    id: report
                    steps:
                      - to: effect:report
                """).start();
        String run = harness.begin(List.of("good", "bad", "good", "good"));
        Run parked = harness.end(run);
        assertThat(parked.state()).isEqualTo(RunState.PARKED);
        assertThat(String.valueOf(parked.error())).contains("items[1]/book");
        List<String> done = harness.world.places(run).stream().distinct().toList();
        List<String> recorded = harness.journal(run);

        harness.world.heal("bad");
        harness.world.clear();
        harness.engine().retry(run).join();

        assertThat(harness.end(run).state())
                .as("%s", harness.stored(run).error())
                .isEqualTo(RunState.COMPLETED);
        assertThat(harness.world.places(run))
                .as("what has a record is not done again")
                .doesNotContainAnyElementsOf(recorded)
                .doesNotHaveDuplicates()
                .contains("items[1]/book", "report");
        assertThat(done).allMatch(place -> place.equals("items[1]/book") || recorded.contains(place));
        assertThat(harness.journal(run))
                .containsExactlyInAnyOrder(
                        "items[0]/book", "items[1]/book", "items[2]/book", "items[3]/book", "report");
    }

    static Stream<String> containers() {
        return Stream.of("""
                - split:
                    id: items
                    stopOnException: true
                    parallelProcessing: true
                    simple: "${body}"
                    steps:
                      - step:
                          id: book
                          steps:
                            - toD: effect:${body}
                """, """
                - split:
                    id: items
                    stopOnException: true
                    streaming: true
                    simple: "${body}"
                    steps:
                      - step:
                          id: book
                          steps:
                            - toD: effect:${body}
                """);
    }

    @Test
    void aStepOwnsItsTriesAndCamelAddsNone() {
        harness.file("shared/three.camel.yaml", THREE_TRIES)
                .file(
                        "test/sync.camel.yaml",
                        RouteHarness.orchestration("sync", CONFIGURED, """
                                - to: direct:book
                                - step:
                                    id: report
                                    steps:
                                      - to: direct:write
                                """)
                                + RouteHarness.direct("book", """
                                - step:
                                    id: reserve
                                    steps:
                                      - to: effect:reserve
                                """)
                                + RouteHarness.direct("write", """
                                - to: effect:write
                                """))
                .start();
        failing("reserve", new ConnectException("refused"));
        failing("write", new ConnectException("refused"));

        String run = harness.begin("in");
        assertThat(harness.end(run).state()).isEqualTo(RunState.PARKED);
        assertThat(harness.world.effects()).containsExactly("reserve", "reserve", "reserve");
        assertThat(harness.store().attempts(run)).hasSize(3);
        assertThat(harness.world.places(run)).containsOnly("book/reserve");

        harness.world.heal("reserve");
        harness.world.clear();
        harness.engine().retry(run).join();
        assertThat(harness.end(run).state()).isEqualTo(RunState.PARKED);
        assertThat(harness.world.effects()).containsExactly("reserve", "write", "write", "write");
    }

    @Test
    void theOnExceptionThatAppliesSaysHowOftenAStepIsTried() {
        harness.file("shared/three.camel.yaml", """
                - routeConfiguration:
                    id: three
                    onException:
                      - onException:
                          exception: [java.net.ConnectException]
                          redeliveryPolicy:
                            maximumRedeliveries: 1
                      - onException:
                          exception: [java.lang.Exception]
                          redeliveryPolicy:
                            maximumRedeliveries: 3
                """)
                .file("test/sync.camel.yaml", RouteHarness.orchestration("sync", CONFIGURED, RESERVE_AND_REPORT))
                .start();
        failing("reserve", new ConnectException("refused"));
        harness.end(harness.begin("in"));
        assertThat(harness.world.effects()).hasSize(2);
        harness.world.clear();
        failing("reserve", new SoldOut(7));
        harness.end(harness.begin("in"));
        assertThat(harness.world.effects()).hasSize(4);
    }

    @Test
    void aTryBeginsFromWhatTheStepBeganWith() {
        harness.file("shared/three.camel.yaml", THREE_TRIES)
                .file("test/sync.camel.yaml", RouteHarness.orchestration("sync", CONFIGURED, """
                        - setVariable: {name: n, constant: "0"}
                        - step:
                            id: reserve
                            steps:
                              - setBody: {simple: "${body}+"}
                              - setHeader: {name: tried, constant: "yes"}
                              - setVariable: {name: n, simple: "${variable.n}1"}
                              - setProperty: {name: p, constant: x}
                              - to: effect:reserve
                        """))
                .start();
        harness.world.on("reserve", exchange -> {
            if (harness.world.calls().size() < 2) {
                throw new ConnectException("refused");
            }
            return exchange.getMessage().getBody() + " " + exchange.getVariable("n");
        });

        assertThat(harness.output(harness.completed(harness.begin("in")))).isEqualTo("in+ 01");
        assertThat(harness.world.calls()).extracting(World.Call::body).containsOnly("in+");
    }

    @Test
    void aCancelInsideADoTryReachesNoClause() throws Exception {
        harness.sync(DO_TRY).start();
        String run = harness.begin("sync", "in", java.util.Map.of(World.DIE_AT, "1 before"));
        harness.world.awaitDeath(run);
        harness.die();
        harness.start();
        harness.world.on("reserve", exchange -> {
            harness.engine().cancel(run);
            throw new ConnectException("refused");
        });
        harness.runtime().recover();

        assertThat(harness.end(run).state()).isEqualTo(RunState.CANCELLED);
        assertThat(harness.world.effects()).containsExactly("reserve");
    }
}
