package dev.segno.run;

import static dev.segno.run.DrivenNode.Effects.failed;
import static dev.segno.run.Script.await;
import static dev.segno.run.Script.doTry;
import static dev.segno.run.Script.lastStep;
import static dev.segno.run.Script.parallel;
import static dev.segno.run.Script.sequence;
import static dev.segno.run.Script.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cancelling runs, and suspending all of them when the node goes down. */
class StopTest {

    private static final RetryPolicy HOURLY = new RetryPolicy(5, Duration.ofHours(1), 1, Duration.ofHours(1), 0);

    private DrivenNode node;

    @BeforeEach
    void open(@TempDir Path directory) {
        node = new DrivenNode(directory);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private String runHeldAt(String key, Script.Op route) {
        node.load(Script.of("sync", node.effects, route));
        node.effects.hold(key);
        return node.start("sync");
    }

    @Test
    void cancelRecordsTheStepUnderWayAndBeginsNoOther() {
        String run = runHeldAt("fetch", doTry(sequence(step("fetch"), step("schedule")), "any", step("clean-up")));

        CompletableFuture<RunResult> cancelled = node.engine().cancel(run);
        node.settle();
        assertThat(cancelled).as("the step is under way").isNotDone();
        node.effects.release("fetch");

        assertThat(node.await(cancelled).state()).isEqualTo(RunState.CANCELLED);
        assertThat(node.journal(run)).containsExactly("fetch");
        assertThat(node.effects.log()).containsExactly("fetch#1");
    }

    @Test
    void aCancelReachesChildrenOverAKill() {
        node.load(Script.of("parent", node.effects, await("answer", "answered", null)));
        node.load(Script.of("child", node.effects, sequence(await("answer", "answered", null), step("work"))));
        String parent = node.start("parent");
        ParentLink link = new ParentLink(parent, new StepKey("delegate"), ParentLink.Kind.CHILD);
        String child = node.start(new StartRequest("child", DrivenNode.Effects.text("input"), null, null, link));
        node.engine().cancel(parent);
        node.runTasks(1);
        assertThat(node.run(parent).state()).isEqualTo(RunState.CANCELLED);
        assertThat(node.run(child).state()).as("nobody has told it yet").isEqualTo(RunState.WAITING);

        node.restart();

        assertThat(node.run(child).state()).isEqualTo(RunState.CANCELLED);
    }

    @Test
    void cancelInABranchLetsItsSiblingsFinishTheirSteps() {
        String run = runHeldAt("all[0]/x", parallel("all", sequence(step("x"), step("y")), sequence(step("x"))));

        CompletableFuture<RunResult> cancelled = node.engine().cancel(run);
        node.effects.release("all[0]/x");

        assertThat(node.await(cancelled).state()).isEqualTo(RunState.CANCELLED);
        assertThat(node.journal(run)).containsExactlyInAnyOrder("all[0]/x", "all[1]/x");
    }

    @Test
    void cancelKeepsTheRecordOfALastStep() {
        String run = runHeldAt("fetch", lastStep("fetch"));

        CompletableFuture<RunResult> cancelled = node.engine().cancel(run);
        node.effects.release("fetch");

        assertThat(node.await(cancelled).state()).isEqualTo(RunState.CANCELLED);
        assertThat(node.journal(run)).containsExactly("fetch");
    }

    @Test
    void cancelBetweenTwoTriesDoesNotWaitForTheNext() {
        node.effects.on("fetch", attempt -> failed(new ConnectException("refused"), Verdict.RETRY, HOURLY));
        node.load(Script.of("sync", node.effects, step("fetch")));
        String run = node.start("sync");

        assertThat(node.await(node.engine().cancel(run)).state()).isEqualTo(RunState.CANCELLED);
        assertThat(node.effects.log()).containsExactly("fetch#1");
        node.advance(Duration.ofHours(2));
        assertThat(node.effects.log()).as("the timer finds nothing to do").containsExactly("fetch#1");
    }

    @Test
    void aFailedTryUnderCancelIsKeptAndTheRunIsCancelled() {
        node.effects.on("fetch", attempt -> failed(new ConnectException("refused"), Verdict.RETRY, HOURLY));
        String run = runHeldAt("fetch", step("fetch"));

        CompletableFuture<RunResult> cancelled = node.engine().cancel(run);
        node.effects.release("fetch");

        assertThat(node.await(cancelled).state()).isEqualTo(RunState.CANCELLED);
        assertThat(node.store().attempts(run)).hasSize(1);
    }

    @Test
    void aParkedRunIsCancelledAtOnceAndThenForGood() {
        node.effects.on("fetch", attempt -> failed(new ConnectException("refused"), Verdict.NEVER, HOURLY));
        node.load(Script.of("sync", node.effects, step("fetch")));
        String run = node.start("sync");

        assertThat(node.await(node.engine().cancel(run)).state()).isEqualTo(RunState.CANCELLED);
        assertThat(node.run(run).state()).isEqualTo(RunState.CANCELLED);
        assertThatThrownBy(() -> node.engine().cancel(run))
                .isInstanceOf(RunConflict.class)
                .hasMessageContaining("CANCELLED");
        assertThatThrownBy(() -> node.engine().retry(run)).isInstanceOf(RunConflict.class);
        assertThatThrownBy(() -> node.engine().cancel("unknown")).isInstanceOf(UnknownRun.class);
    }

    @Test
    void aCancelThatComesWhileTheRunIsBeingParkedCancelsItAllTheSame() {
        node.effects.on("fetch", attempt -> failed(new ConnectException("refused"), Verdict.NEVER, HOURLY));
        String run = runHeldAt("fetch", step("fetch"));
        node.effects.release("fetch");
        node.runLatestTask();
        assertThat(node.waitingTasks()).as("the engine is still to hear of it").isOne();
        assertThat(node.run(run).state()).as("on disk already").isEqualTo(RunState.PARKED);

        CompletableFuture<RunResult> cancelled = node.engine().cancel(run);

        assertThat(node.await(cancelled).state()).isEqualTo(RunState.CANCELLED);
        assertThat(node.run(run).state()).isEqualTo(RunState.CANCELLED);
    }

    @Test
    void suspendRecordsTheStepUnderWayAndTheRunGoesOnAfterTheRestart() {
        String run = runHeldAt("fetch", doTry(sequence(step("fetch"), step("schedule")), "any", step("clean-up")));

        CompletableFuture<Void> suspended = node.engine().suspend();
        assertThat(suspended).isNotDone();
        node.effects.release("fetch");
        node.settle();
        assertThat(suspended).isCompleted();
        assertThat(node.run(run).state()).isEqualTo(RunState.RUNNING);
        assertThat(node.journal(run)).containsExactly("fetch");

        node.restart();

        assertThat(node.effects.log()).containsExactly("fetch#1", "schedule#1");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void suspendDoesNotWaitForARestBetweenTwoTries() {
        node.effects.on("fetch", attempt -> failed(new ConnectException("refused"), Verdict.RETRY, HOURLY));
        node.load(Script.of("sync", node.effects, step("fetch")));
        String run = node.start("sync");

        CompletableFuture<Void> suspended = node.engine().suspend();
        node.settle();

        assertThat(suspended).isCompleted();
        node.restart();
        assertThat(node.effects.log()).as("at once, and counted on").containsExactly("fetch#1", "fetch#2");
        assertThat(node.run(run).state()).isEqualTo(RunState.RUNNING);
    }

    @Test
    void aSuspendedNodeTakesNoRuns() {
        node.load(Script.of("sync", node.effects, step("fetch")));
        node.engine().suspend();

        assertThatThrownBy(() -> node.start("sync")).hasCauseInstanceOf(StoreUnavailable.class);
    }

    @Test
    void aStartThatIsDecidedOnWhileTheNodeIsSuspendedBeginsAfterTheRestart() {
        node.load(Script.of("sync", node.effects, step("fetch")));
        CompletableFuture<Engine.Start> start =
                node.engine().start(new StartRequest("sync", DrivenNode.Effects.text("input"), null, null));
        assertThat(node.waitingTasks()).isOne();
        node.engine().suspend();

        assertThat(node.await(start).outcome()).isEqualTo(new StartOutcome.Started("run-0001"));
        assertThat(node.effects.log()).isEmpty();
        node.restart();
        assertThat(node.run("run-0001").state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aCancelThatComesBeforeARunIsUnderWayKeepsItFromBeginning() {
        node.load(Script.of("sync", node.effects, step("fetch")));
        node.engine().start(new StartRequest("sync", DrivenNode.Effects.text("input"), null, null));
        assertThat(node.waitingTasks()).isOne();
        assertThat(node.run("run-0001").state()).isEqualTo(RunState.RUNNING);

        CompletableFuture<RunResult> cancelled = node.engine().cancel("run-0001");

        assertThat(node.await(cancelled).state()).isEqualTo(RunState.CANCELLED);
        assertThat(node.run("run-0001").state()).isEqualTo(RunState.CANCELLED);
        assertThat(node.effects.log()).isEmpty();
    }
}
