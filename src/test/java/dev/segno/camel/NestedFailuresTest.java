package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.run.Run;
import dev.segno.run.RunState;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Failures inside containers, handlers and other failures: handled where Camel handles them, and replayed there. */
class NestedFailuresTest extends RouteTest {

    private static final String HANDLED = "handled: {constant: \"true\"}";
    private static final String REPORT = step("report");

    private void failing(String effect, Exception failure) {
        harness.world.on(effect, exchange -> {
            throw failure;
        });
    }

    /** Makes an effect fail in the branch with index 1, and only there. */
    private void failingInTheSecondBranch(String effect) {
        harness.world.on(effect, exchange -> {
            if (String.valueOf(RunNode.idempotencyKey(exchange)).contains("items[1]")) {
                throw new IOException("sold out");
            }
            return effect;
        });
    }

    private static String step(String id) {
        return "- step: {id: %1$s, steps: [{to: \"effect:%1$s\"}]}\n".formatted(id);
    }

    /** A doTry with one clause; more of its clauses may follow. */
    private static String doTry(String steps, String exception, String clause) {
        return "- doTry:\n    steps:\n" + steps.indent(6) + "    doCatch:\n      - exception: [" + exception
                + "]\n        steps:\n" + clause.indent(10);
    }

    private static String doFinally(String steps) {
        return "    doFinally:\n      steps:\n" + steps.indent(8);
    }

    private static String onException(String options, String steps) {
        return "- onException:\n    exception: [java.lang.Exception]\n" + options.indent(4) + "    steps:\n"
                + steps.indent(6);
    }

    private RouteHarness withHandler(String handler, String steps, String... more) {
        return harness.file(
                "test/sync.camel.yaml",
                handler + RouteHarness.orchestration("sync", "", steps) + String.join("\n", more));
    }

    private static Arguments container(String eip, String options, boolean calls) {
        String head = "- " + eip + ":\n    id: items\n" + options.indent(4);
        if (calls) {
            return Arguments.of(eip + " " + options.replace("\n", " "), head);
        }
        String branch = "- to: direct:book\n";
        String branches = eip.equals("multicast") ? branch.repeat(3) : branch;
        return Arguments.of(eip + " " + options.replace("\n", " "), head + "    steps:\n" + branches.indent(6));
    }

    static Stream<Arguments> containers() {
        String list = "aggregationStrategy: collectBodies\n";
        String body = list + "simple: \"${body}\"\n";
        String recipients = list + "constant: direct:book,direct:book,direct:book\n";
        String parallel = "parallelProcessing: true\n";
        String streaming = "streaming: true\n";
        String stop = "stopOnException: true\n";
        return Stream.of(
                container("split", body, false),
                container("split", body + streaming, false),
                container("split", body + parallel, false),
                container("split", body + parallel + streaming, false),
                container("split", body + stop, false),
                container("multicast", list, false),
                container("multicast", list + parallel, false),
                container("multicast", list + parallel + streaming, false),
                container("multicast", list + stop, false),
                container("recipientList", recipients, true),
                container("recipientList", recipients + parallel, true),
                container("recipientList", recipients + parallel + streaming, true),
                container("recipientList", recipients + stop, true),
                container("loop", "constant: \"3\"\n", false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("containers")
    void aFailureCaughtInsideABranchReplaysThere(String name, String container) throws Exception {
        failingInTheSecondBranch("book");
        harness.sync(
                container + REPORT,
                RouteHarness.direct("book", doTry(step("book"), "java.io.IOException", step("refund"))));

        CrashProof.Undisturbed whole = CrashProof.of(harness, List.of("a", "b", "c"));

        String call = name.startsWith("recipientList") ? "" : "book/";
        // The branches of a multicast are three call sites.
        assertThat(whole.places().stream().map(place -> place.replaceAll("book-\\d/", "book/")))
                .containsExactlyInAnyOrder(
                        "items[0]/" + call + "book",
                        "items[1]/" + call + "refund",
                        "items[2]/" + call + "book",
                        "report");
        assertThat(whole.journal())
                .hasSize(5)
                .anyMatch(record -> record.startsWith("items[1]/") && record.endsWith("/book failed"));
    }

    static Stream<Arguments> stopping() {
        return containers()
                .filter(row -> row.get()[0].toString().contains("stopOnException")
                        || row.get()[0].toString().startsWith("loop"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stopping")
    void branchesThatAFailureKeptFromBeingReachedAreNoDivergence(String name, String container) throws Exception {
        failingInTheSecondBranch("book");
        harness.sync(
                doTry(container, "java.io.IOException", step("refund")) + REPORT,
                RouteHarness.direct("book", step("book")));

        CrashProof.Undisturbed whole = CrashProof.of(harness, List.of("a", "b", "c"));

        assertThat(whole.places()).hasSize(3).endsWith("refund", "report");
        assertThat(whole.journal()).hasSize(4).anyMatch(record -> record.endsWith("failed"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("containers")
    void aBranchThatFailedGoesOnWhereItFailedAfterARetry(String name, String container) {
        failingInTheSecondBranch("book");
        boolean passedOver = name.contains("aggregationStrategy") && !name.contains("stopOnException");
        harness.sync(container + REPORT, RouteHarness.direct("book", step("book") + step("close")))
                .start();

        String run = harness.begin(List.of("a", "b", "c"));
        Run first = harness.end(run);

        if (passedOver) {
            assertThat(first.state()).isEqualTo(RunState.COMPLETED);
            assertThat(harness.journal(run)).hasSize(6);
            return;
        }
        assertThat(first.state()).isEqualTo(RunState.PARKED);
        assertThat(harness.world.effects()).containsExactly("book", "close", "book");
        harness.world.heal("book");
        harness.world.clear();
        harness.engine().retry(run).join();
        harness.completed(run);
        assertThat(harness.world.effects()).containsExactly("book", "close", "book", "close", "report");
        assertThat(harness.world.places(run).get(0)).startsWith("items[1]/");
    }

    @Test
    void aStepInAnOnExceptionIsTriedOnce() {
        failing("reserve", new ConnectException("refused"));
        failing("notify", new ConnectException("refused"));
        harness.file("shared/three.camel.yaml", """
                - routeConfiguration:
                    id: three
                    errorHandler:
                      defaultErrorHandler:
                        redeliveryPolicy:
                          maximumRedeliveries: 2
                """)
                .file(
                        "test/sync.camel.yaml",
                        onException(HANDLED, step("notify") + step("mail"))
                                + RouteHarness.orchestration(
                                        "sync", "    routeConfigurationId: three\n", step("reserve") + REPORT))
                .start();

        String run = harness.begin("in");
        assertThat(harness.end(run).state()).isEqualTo(RunState.PARKED);
        assertThat(String.valueOf(harness.stored(run).error())).contains("step=onException[0]/notify");
        assertThat(harness.world.effects()).containsExactly("reserve", "reserve", "reserve", "notify");

        harness.world.heal("notify");
        harness.engine().retry(run).join();

        harness.completed(run);
        assertThat(harness.world.effects())
                .as("what was handled is history")
                .containsExactly("reserve", "reserve", "reserve", "notify", "notify", "mail");
    }

    @ParameterizedTest
    @ValueSource(strings = {"useOriginalMessage", "useOriginalBody"})
    void aHandlerThatWorksOnTheOriginalMessageDoesSoAtReplay(String option) throws Exception {
        failing("reserve", new IOException("full"));
        List<String> seen = new ArrayList<>();
        harness.world.on("notify", exchange -> {
            seen.add(exchange.getMessage().getBody(String.class));
            return null;
        });
        withHandler(
                onException(HANDLED + "\n" + option + ": true", step("notify") + step("mail")),
                step("fetch").replace("}]}", "}, {setBody: {constant: fetched}}]}") + step("reserve"));

        CrashProof.Undisturbed whole = CrashProof.of(harness, "in");

        assertThat(whole.places()).containsExactly("fetch", "onException[0]/notify", "onException[0]/mail");
        assertThat(seen).hasSizeGreaterThan(3).containsOnly("in");
    }

    @Test
    void aDeadLetterChannelParksTheRunLikeADefaultErrorHandler() {
        failing("reserve", new ConnectException("refused"));
        harness.file("shared/dead.camel.yaml", """
                - routeConfiguration:
                    id: dead
                    errorHandler:
                      deadLetterChannel:
                        deadLetterUri: effect:dead
                        redeliveryPolicy:
                          maximumRedeliveries: 1
                """)
                .file(
                        "test/sync.camel.yaml",
                        RouteHarness.orchestration(
                                "sync", "    routeConfigurationId: dead\n", step("reserve") + REPORT))
                .start();

        Run run = harness.run("in");

        assertThat(run.state()).isEqualTo(RunState.PARKED);
        assertThat(String.valueOf(run.error())).contains("step=reserve");
        assertThat(harness.world.effects()).containsExactly("reserve", "reserve");
    }

    @Test
    void aFailureOfTheRouteItselfIsMetAgainAtReplay() throws Exception {
        String failure = "- throwException: {exceptionType: java.lang.IllegalStateException, message: \"no\"}\n";
        harness.sync(doTry(step("fetch") + failure + step("never"), "java.lang.IllegalStateException", step("refund"))
                + REPORT);

        CrashProof.Undisturbed whole = CrashProof.of(harness, "in");

        assertThat(whole.journal()).containsExactly("fetch", "refund", "report");
        assertThat(whole.places()).containsExactly("fetch", "refund", "report");
    }

    @Test
    void aDoTryInsideAStepBelongsToTheStep() throws Exception {
        failing("reserve", new IOException("full"));
        String inner = doTry(step("reserve"), "java.io.IOException", step("queue"))
                + "- to: {id: close, uri: \"effect:close\"}\n";
        harness.sync("- step:\n    id: order\n    steps:\n" + inner.indent(6) + REPORT);

        CrashProof.Undisturbed whole = CrashProof.of(harness, "in");

        assertThat(whole.journal()).containsExactly("order/reserve failed", "order/queue", "order", "report");
        assertThat(whole.places()).containsExactly("order/queue", "order/close", "report");
    }

    @Test
    void aStepThatFailsByAStepInItIsCaughtAroundBoth() throws Exception {
        failing("reserve", new IOException("full"));
        String outer = "- step:\n    id: order\n    steps:\n" + (step("look") + step("reserve")).indent(6);
        harness.sync(doTry(outer, "java.io.IOException", step("refund")) + REPORT);

        CrashProof.Undisturbed whole = CrashProof.of(harness, "in");

        assertThat(whole.places()).containsExactly("order/look", "refund", "report");
        assertThat(whole.journal()).contains("order failed").endsWith("refund", "report");
    }

    @Test
    void aFailureThatAnInnerDoTryDoesNotTakeGoesToTheOuterOne() throws Exception {
        failing("reserve", new IOException("full"));
        String inner =
                doTry(step("reserve"), "java.lang.IllegalStateException", step("inner")) + doFinally(step("tidy"));
        harness.sync(doTry(inner, "java.io.IOException", step("outer")) + doFinally(step("close")) + REPORT);

        CrashProof.Undisturbed whole = CrashProof.of(harness, "in");

        assertThat(whole.places()).containsExactly("doFinally[0]/tidy", "outer", "close", "report");
        assertThat(whole.journal()).containsExactly("doFinally[0]/tidy", "reserve failed", "outer", "close", "report");
    }

    @Test
    void aClauseThatFailsItselfIsCaughtAroundIt() throws Exception {
        failing("reserve", new IOException("full"));
        failing("refund", new IllegalStateException("broke"));
        harness.sync(doTry(
                        doTry(step("reserve"), "java.io.IOException", step("refund")) + doFinally(step("tidy")),
                        "java.lang.IllegalStateException",
                        step("tell"))
                + REPORT);

        CrashProof.Undisturbed whole = CrashProof.of(harness, "in");

        assertThat(whole.places()).containsExactly("doFinally[0]/tidy", "tell", "report");
        assertThat(whole.journal())
                .containsExactly("reserve failed", "doFinally[0]/tidy", "refund failed", "tell", "report");
    }

    @Test
    void aDoFinallyThatFailsParksTheRunThere() {
        failing("tidy", new IOException("full"));
        harness.sync(doTry(step("reserve"), "java.io.IOException", step("refund")) + doFinally(step("tidy")) + REPORT)
                .start();
        String run = harness.begin("in");
        assertThat(harness.end(run).state()).isEqualTo(RunState.PARKED);
        assertThat(String.valueOf(harness.stored(run).error())).contains("step=tidy");
        harness.world.heal("tidy");

        harness.engine().retry(run).join();

        harness.completed(run);
        assertThat(harness.world.effects()).containsExactly("reserve", "tidy", "tidy", "report");
    }

    @Test
    void anOnExceptionInARouteThatIsCalledEndsTheCallerTooAsInCamel() throws Exception {
        failing("reserve", new IOException("full"));
        withHandler(
                onException(HANDLED, step("notify") + step("mail")),
                step("fetch") + "- to: direct:book\n" + REPORT,
                RouteHarness.direct("book", step("reserve") + step("close")));

        CrashProof.Undisturbed whole = CrashProof.of(harness, "in");

        assertThat(whole.journal())
                .containsExactly(
                        "fetch", "book/reserve failed", "book/onException[0]/notify", "book/onException[0]/mail");
    }

    @Test
    void anOnExceptionThatContinuesInsideALoopDoesSoInEachRound() throws Exception {
        failing("reserve", new IOException("full"));
        withHandler(
                onException("continued: {constant: \"true\"}", step("notify")),
                "- loop:\n    id: rounds\n    constant: \"2\"\n    steps:\n"
                        + (step("reserve") + step("next")).indent(6) + REPORT);

        CrashProof.Undisturbed whole = CrashProof.of(harness, "in");

        assertThat(whole.places())
                .containsExactly(
                        "rounds[0]/onException[0]/notify",
                        "rounds[0]/next",
                        "rounds[1]/onException[0]/notify",
                        "rounds[1]/next",
                        "report");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOnCompletionForOneKindOfEndIsNotThereForTheOther(boolean onFailure) {
        String completion = "- onCompletion:\n    " + (onFailure ? "onFailureOnly" : "onCompleteOnly")
                + ": true\n    steps:\n" + step("tell").indent(6);
        withHandler(completion, step("reserve") + REPORT).start();
        harness.completed(harness.begin("in"));
        assertThat(harness.world.effects().contains("tell")).isEqualTo(!onFailure);
        harness.world.clear();
        failing("reserve", new IOException("full"));

        String run = harness.begin("in");
        assertThat(harness.end(run).state()).isEqualTo(RunState.PARKED);
        assertThat(harness.world.effects().contains("tell")).isEqualTo(onFailure);

        harness.world.heal("reserve");
        harness.engine().retry(run).join();
        harness.completed(run);
        assertThat(harness.world.effects().stream().filter("tell"::equals)).hasSize(1);
    }
}
