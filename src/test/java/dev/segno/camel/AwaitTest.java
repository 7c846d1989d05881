package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segno.run.ParentLink;
import dev.segno.run.Payload;
import dev.segno.run.Run;
import dev.segno.run.RunState;
import dev.segno.run.Signal;
import dev.segno.run.SignalOutcome;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code await:} and child runs in routes. */
class AwaitTest extends RouteTest {

    private void waiting(String run) {
        await().until(() -> harness.stored(run).state() == RunState.WAITING
                && harness.engine().live(run).isEmpty());
    }

    private SignalOutcome signal(String run, String name, Object body) throws Exception {
        Payload.Inline payload = new Payload.Inline(Payload.Kind.JSON, Json.bytes(body));
        return harness.engine()
                .signal(new Signal(
                        run, "id-" + name, name, payload, harness.engine().now()))
                .get(30, TimeUnit.SECONDS);
    }

    private static final String APPROVAL = """
            - step:
                id: ask
                steps:
                  - to: effect:ask
                  - setVariable: { name: asked, constant: "true" }
            - to: { id: approval, uri: "await:approved?timeout=24h" }
            - setBody: { simple: "${body[by]} ${variable.asked} ${header.SegnoTimedOut}" }
            - step:
                id: act
                steps:
                  - to: effect:act
            """;

    @Test
    void theRouteGoesOnWithTheBodyOfTheSignal() throws Exception {
        harness.sync(APPROVAL).start();
        String run = harness.begin("in");
        waiting(run);

        signal(run, "approved", Map.of("by", "ann"));

        assertThat(harness.output(harness.completed(run))).isEqualTo("ann true ");
        assertThat(harness.world.effects()).containsExactly("ask", "act");
    }

    @Test
    void theWaitSurvivesAKillBeforeAndAfterTheSignal() throws Exception {
        harness.sync(APPROVAL).start();
        String run = harness.begin("in");
        waiting(run);
        harness.restart();
        assertThat(harness.stored(run).state()).isEqualTo(RunState.WAITING);

        signal(run, "approved", Map.of("by", "ann"));

        assertThat(harness.output(harness.completed(run))).isEqualTo("ann true ");
        harness.restart();
        assertThat(harness.stored(run).state()).isEqualTo(RunState.COMPLETED);
        assertThat(harness.world.effects()).containsExactly("ask", "act");
    }

    @Test
    void noHandlerOfTheRouteRunsBecauseItWaits() throws Exception {
        harness.sync("""
                - doTry:
                    steps:
                      - to: { id: approval, uri: "await:approved" }
                      - step: { id: act, steps: [ { to: "effect:act" } ] }
                    doCatch:
                      - exception: [ java.lang.Exception ]
                        steps:
                          - step: { id: caught, steps: [ { to: "effect:caught" } ] }
                    doFinally:
                      steps:
                        - step: { id: finally, steps: [ { to: "effect:finally" } ] }
                """).start();
        String run = harness.begin("in");
        waiting(run);
        assertThat(harness.world.effects()).isEmpty();

        signal(run, "approved", Map.of());

        harness.completed(run);
        assertThat(harness.world.effects()).containsExactly("act", "finally");
    }

    @Test
    void aTimeOutLeavesTheBodyAndSaysSo() {
        harness.timersTakeTime = true;
        harness.sync("""
                - to: { id: approval, uri: "await:approved?timeout=150ms" }
                - setBody: { simple: "${body} ${header.SegnoTimedOut}" }
                """).start();

        assertThat(harness.output(harness.completed(harness.begin("in")))).isEqualTo("in true");
    }

    @Test
    void aSleepInALoopSleepsOnceForEachRound() {
        harness.timersTakeTime = true;
        harness.sync("""
                - loop:
                    id: rounds
                    constant: "3"
                    steps:
                      - to: { id: rest, uri: "await:sleep?for=60ms" }
                      - step: { id: work, steps: [ { to: "effect:work" } ] }
                """).start();

        Run run = harness.completed(harness.begin("in"));

        assertThat(harness.store().journal(run.id()).stream()
                        .map(record -> record.key().path()))
                .containsExactly(
                        "rounds[0]/rest",
                        "rounds[0]/work",
                        "rounds[1]/rest",
                        "rounds[1]/work",
                        "rounds[2]/rest",
                        "rounds[2]/work");
        assertThat(harness.output(run)).isEqualTo("in");
    }

    private void parentAndChild(String childSteps) {
        harness.file("test/child.camel.yaml", RouteHarness.orchestration("child", "", childSteps));
        harness.sync("""
                - step:
                    id: delegate
                    steps:
                      - to: orchestration:child?mode=sync
                - step:
                    id: report
                    steps:
                      - to: effect:report
                """).start();
    }

    private String childOf(String run) {
        await().until(() ->
                !harness.store().childrenOf(run, ParentLink.Kind.CHILD).isEmpty());
        return harness.store().childrenOf(run, ParentLink.Kind.CHILD).get(0);
    }

    @Test
    void aParentWaitsForItsChildWithoutMemoryAndTakesItsResult() throws Exception {
        parentAndChild("""
                - to: { id: approval, uri: "await:approved" }
                """);
        String run = harness.begin("in");
        waiting(run);
        String child = childOf(run);
        waiting(child);
        harness.restart();

        signal(child, "approved", Map.of("answer", 42));

        assertThat(harness.output(harness.completed(run))).isEqualTo(Map.of("answer", 42));
        assertThat(harness.world.effects()).containsExactly("report");
        assertThat(harness.store().childrenOf(run, ParentLink.Kind.CHILD)).hasSize(1);
        assertThat(harness.store().parentOf(child)).hasValueSatisfying(parent -> {
            assertThat(parent.runId()).isEqualTo(run);
            assertThat(parent.step().path()).isEqualTo("delegate");
        });
    }

    @Test
    void aParkedChildKeepsItsParentWaitingUntilItIsRetried() throws Exception {
        harness.world.on("work", exchange -> {
            throw new IllegalStateException("down");
        });
        parentAndChild("""
                - step: { id: work, steps: [ { to: "effect:work" } ] }
                """);
        String run = harness.begin("in");
        String child = childOf(run);
        assertThat(harness.end(child).state()).isEqualTo(RunState.PARKED);
        waiting(run);

        harness.world.on("work", exchange -> "done");
        harness.engine().retry(child).get(30, TimeUnit.SECONDS);

        assertThat(harness.output(harness.completed(run))).isEqualTo("done");
    }

    @Test
    void aCancelGoesDownAndComesBackUpAsAFailure() throws Exception {
        parentAndChild("""
                - to: { id: approval, uri: "await:approved" }
                """);
        String down = harness.begin("in");
        waiting(down);
        harness.engine().cancel(down).get(30, TimeUnit.SECONDS);
        String cancelled = childOf(down);
        assertThat(harness.end(cancelled).state()).isEqualTo(RunState.CANCELLED);

        String up = harness.begin("other");
        waiting(up);
        harness.engine().cancel(childOf(up)).get(30, TimeUnit.SECONDS);

        Run parked = harness.end(up);
        assertThat(parked.state()).isEqualTo(RunState.PARKED);
        assertThat(String.valueOf(parked.error())).contains("is CANCELLED", "delegate");
        assertThat(harness.store().attempts(up)).hasSize(1);
    }

    @Test
    void aRunSendsASignalOnceAlsoWhenItsStepIsRepeated() throws Exception {
        harness.file("test/child.camel.yaml", RouteHarness.orchestration("child", "", """
                - to: { id: first, uri: "await:go" }
                - to: { id: second, uri: "await:go" }
                """));
        harness.sync("""
                - step:
                    id: tell
                    steps:
                      - setHeader: { name: SegnoRunId, simple: "${body}" }
                      - to: runs:signal?name=go
                      - to: effect:after-signal
                """).start();
        String waiter = harness.begin("child", "in", Map.of());
        waiting(waiter);

        String run = harness.begin("sync", waiter, Map.of(World.DIE_AT, "1 after"));
        harness.world.awaitDeath(run);
        harness.restart();
        harness.completed(run);

        waiting(waiter);
        assertThat(harness.store().journal(waiter)).hasSize(1);
    }
}
