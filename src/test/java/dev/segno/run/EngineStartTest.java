package dev.segno.run;

import static dev.segno.run.Script.fail;
import static dev.segno.run.Script.lastStep;
import static dev.segno.run.Script.sequence;
import static dev.segno.run.Script.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting runs, and the keys under which they are found again. */
class EngineStartTest {

    private static final Orchestration.Options SINGLETON =
            new Orchestration.Options(true, Orchestration.Durability.STRICT, Orchestration.OnFailure.PARK);

    private DrivenNode node;

    @BeforeEach
    void open(@TempDir Path directory) {
        node = new DrivenNode(directory);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private static StartRequest request(String orchestration, String input, @Nullable String key) {
        return new StartRequest(orchestration, DrivenNode.Effects.text(input), null, key);
    }

    private StartOutcome outcome(StartRequest request) {
        return node.await(node.engine().start(request)).outcome();
    }

    @Test
    void aRunIsOnDiskBeforeItsCallerHearsOfItAndBeforeItsFirstStep() {
        node.load(Script.of("sync", node.effects, step("fetch")));

        CompletableFuture<Engine.Start> start = node.engine().start(request("sync", "input", null));

        assertThat(node.waitingTasks()).isOne();
        assertThat(start).isNotDone();
        assertThat(node.run("run-0001").state()).isEqualTo(RunState.RUNNING);
        assertThat(node.effects.log()).isEmpty();
        assertThat(node.await(start).outcome()).isEqualTo(new StartOutcome.Started("run-0001"));
        assertThat(node.effects.log()).containsExactly("fetch#1");
    }

    @Test
    void aRunEndsWithItsOutputAndItsStepsInTheOrderOfTheirEnds() {
        node.load(Script.of("sync", node.effects, sequence(step("fetch"), step("schedule"), lastStep("report"))));

        Engine.Start start = node.await(node.engine().start(request("sync", "input", null)));

        RunResult result = node.await(start.ended());
        assertThat(result.state()).isEqualTo(RunState.COMPLETED);
        assertThat(result.output()).isEqualTo(DrivenNode.Effects.text("output"));
        assertThat(node.run(result.runId()))
                .extracting(Run::state, Run::output, Run::error, Run::endedAt)
                .containsExactly(RunState.COMPLETED, DrivenNode.Effects.text("output"), null, DrivenNode.NOON);
        assertThat(node.journal(result.runId())).containsExactly("fetch", "schedule", "report");
        assertThat(node.engine().liveCount()).isZero();
    }

    @Test
    void anOrchestrationThatNobodyHasIsRefused() {
        assertThatThrownBy(() -> node.start("nothing"))
                .hasCauseInstanceOf(UnknownOrchestration.class)
                .hasMessageContaining("nothing");
    }

    @Test
    void theSameKeyAndInputIsTheSameRunAlsoAfterItsEndAndARestart() {
        node.load(Script.of("sync", node.effects, step("fetch")));
        String first = node.start(request("sync", "input", "key"));

        assertThat(outcome(request("sync", "input", "key"))).isEqualTo(new StartOutcome.Existing(first));
        node.restart();
        Engine.Start again = node.await(node.engine().start(request("sync", "input", "key")));

        assertThat(again.outcome()).isEqualTo(new StartOutcome.Existing(first));
        assertThat(node.await(again.ended()).state()).isEqualTo(RunState.COMPLETED);
        assertThat(node.effects.log()).containsExactly("fetch#1");
    }

    @Test
    void aRunThatIsBeingStartedIsNotTakenForAForgottenOne() {
        node.load(Script.of("sync", node.effects, step("fetch")));
        CompletableFuture<Engine.Start> start = node.engine().start(request("sync", "input", null));
        assertThat(node.waitingTasks()).as("on disk, and not under way").isOne();

        node.engine().recover();
        while (node.waitingTasks() > 1) {
            node.runLatestTask();
        }

        assertThat(node.await(node.await(start).ended()).state()).isEqualTo(RunState.COMPLETED);
        assertThat(node.effects.log()).containsExactly("fetch#1");
    }

    @Test
    void theSameKeyWhileTheRunIsUnderWayWaitsForTheSameEnd() {
        node.load(Script.of("sync", node.effects, step("fetch")));
        node.effects.hold("fetch");
        node.start(request("sync", "input", "key"));

        Engine.Start again = node.await(node.engine().start(request("sync", "input", "key")));
        assertThat(again.ended()).isNotDone();
        node.effects.release("fetch");

        assertThat(node.await(again.ended()).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void theSameKeyWithOtherInputIsAConflictThatNamesTheRun() {
        node.load(Script.of("sync", node.effects, step("fetch")));
        String first = node.start(request("sync", "input", "key"));

        assertThat(outcome(request("sync", "other", "key"))).isEqualTo(new StartOutcome.KeyConflict(first));
        assertThat(outcome(new StartRequest(
                        "sync",
                        new Payload.Inline(
                                Payload.Kind.BYTES,
                                DrivenNode.Effects.text("input").bytes()),
                        null,
                        "key")))
                .isEqualTo(new StartOutcome.KeyConflict(first));
        assertThat(node.effects.log()).containsExactly("fetch#1");
    }

    @Test
    void aKeyBelongsToItsOrchestration() {
        node.load(Script.of("sync", node.effects, step("fetch")));
        node.load(Script.of("report", node.effects, step("write")));
        node.start(request("sync", "input", "key"));

        assertThat(outcome(request("report", "input", "key"))).isInstanceOf(StartOutcome.Started.class);
    }

    @Test
    void aSecondRunOfASingletonIsRefusedWithTheIdOfTheFirst() {
        node.load(Script.of("sync", node.effects, step("fetch")).with(SINGLETON));
        node.effects.hold("fetch");
        String first = node.start("sync");

        assertThat(outcome(request("sync", "other", null))).isEqualTo(new StartOutcome.Busy(first));
        node.effects.release("fetch");
        node.settle();

        assertThat(outcome(request("sync", "other", null))).isInstanceOf(StartOutcome.Started.class);
    }

    @Test
    void aSingletonStaysTakenOverARestart() {
        node.load(Script.of("sync", node.effects, step("fetch")).with(SINGLETON));
        node.effects.hold("fetch");
        String first = node.start("sync");
        node.effects.hold("fetch");
        node.restart();

        assertThat(outcome(request("sync", "other", null))).isEqualTo(new StartOutcome.Busy(first));
    }

    @Test
    void aParkedRunGivesItsSingletonBackAndARetryTakesItAgain() {
        node.load(Script.of("sync", node.effects, step("fetch")).with(SINGLETON));
        node.effects.on(
                "fetch",
                attempt -> DrivenNode.Effects.failed(new IllegalStateException("no"), Verdict.NEVER, RetryPolicy.ONCE));
        String first = node.start("sync");
        assertThat(node.run(first).state()).isEqualTo(RunState.PARKED);

        node.effects.heal("fetch");
        node.effects.hold("fetch");
        String second = node.start("sync");
        assertThatThrownBy(() -> node.await(node.engine().retry(first)))
                .hasCauseInstanceOf(RunConflict.class)
                .hasMessageContaining("sync");
        assertThat(node.run(first).state()).isEqualTo(RunState.PARKED);
        node.effects.release("fetch");
        node.settle();

        node.effects.hold("fetch");
        node.await(node.engine().retry(first));
        assertThat(outcome(request("sync", "other", null))).isEqualTo(new StartOutcome.Busy(first));
        node.effects.release("fetch");
        node.settle();
        assertThat(node.run(first).state()).isEqualTo(RunState.COMPLETED);
        assertThat(node.run(second).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aRunWhoseRouteFailsOutsideOfAStepIsParkedWithTheReason() {
        node.load(Script.of("sync", node.effects, fail(new IllegalArgumentException("no such field"))));

        Run run = node.run(node.start("sync"));

        assertThat(run.state()).isEqualTo(RunState.PARKED);
        assertThat(run.error())
                .isEqualTo(new StepError(IllegalArgumentException.class.getName(), "no such field", null));
    }

    @Test
    void aRunThatIsToFailInsteadOfBeingParkedFails() {
        node.load(Script.of("sync", node.effects, fail(new IllegalArgumentException("no")))
                .with(new Orchestration.Options(false, Orchestration.Durability.STRICT, Orchestration.OnFailure.FAIL)));

        assertThat(node.run(node.start("sync")).state()).isEqualTo(RunState.FAILED);
    }
}
