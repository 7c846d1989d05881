package dev.segno.run;

import static dev.segno.run.Script.call;
import static dev.segno.run.Script.parallel;
import static dev.segno.run.Script.sequence;
import static dev.segno.run.Script.split;
import static dev.segno.run.Script.step;
import static dev.segno.run.Script.when;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A route that takes another way at replay is found out before it does harm. */
class DivergenceTest {

    private DrivenNode node;
    private boolean changed;

    @BeforeEach
    void open(@TempDir Path directory) {
        node = new DrivenNode(directory);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private String crashAt(String key, Script.Op route) {
        node.load(Script.of("sync", node.effects, route));
        node.effects.hold(key);
        String run = node.start("sync");
        node.effects.clearLog();
        return run;
    }

    private void assertBlocked(String run, String... mentions) {
        assertThat(node.effects.log()).as("executed").isEmpty();
        assertThat(node.run(run).state()).isEqualTo(RunState.BLOCKED);
        assertThat(String.valueOf(node.run(run).error())).contains(mentions);
    }

    @Test
    void aNewStepWhileRecordsAreUnvisitedBlocksTheRunBeforeAnythingIsExecuted() {
        String run = crashAt(
                "report",
                sequence(step("fetch"), when(() -> changed, step("other"), step("schedule")), step("report")));
        changed = true;
        node.restart();

        assertBlocked(run, "'other'", "schedule", "Nothing was executed");
        assertThat(node.journal(run)).containsExactly("fetch", "schedule");
    }

    @Test
    void recordsThatAreUnvisitedAtTheEndBlockTheRun() {
        String run = crashAt(
                "report",
                sequence(step("fetch"), when(() -> changed, sequence(), sequence(step("schedule"), step("report")))));
        changed = true;
        node.restart();

        assertBlocked(run, "end of the route", "schedule");
    }

    @Test
    void aBlockedRunGoesOnByARetryOnceItsCodeIsRightAgain() {
        String run = crashAt(
                "report",
                sequence(step("fetch"), when(() -> changed, step("other"), step("schedule")), step("report")));
        changed = true;
        node.restart();
        changed = false;
        node.await(node.engine().retry(run));

        assertThat(node.effects.log()).containsExactly("report#1");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aVersionThatCannotBeHadBlocksTheRunWithTheReason() {
        Script old = Script.of("sync", node.effects, step("fetch"));
        node.load(old);
        node.effects.hold("fetch");
        String run = node.start("sync");
        node.effects.clearLog();
        node.load(old.version("v2", step("other")));
        node.forget(old);
        node.restart();

        assertBlocked(run, "no version v1");
    }

    @Test
    void aRunStaysOnItsVersionAndNewRunsTakeTheCurrentOne() {
        Script old = Script.of("sync", node.effects, step("fetch"));
        node.load(old);
        node.effects.hold("fetch");
        node.start("sync");
        node.effects.clearLog();
        node.load(old.version("v2", step("other")));
        node.restart();
        node.start("sync");

        assertThat(node.effects.log()).containsExactly("fetch#1", "other#1");
    }

    @Test
    void parallelBranchesDoNotDisturbEachOther() {
        String run = crashAt(
                "all[0]/second",
                parallel("all", sequence(step("first"), step("second")), sequence(step("first"), step("second"))));
        assertThat(node.journal(run)).containsExactly("all[0]/first", "all[1]/first", "all[1]/second");

        // The replay enters the open step of branch 0 before branch 1 was visited.
        node.restart();

        assertThat(node.effects.log()).containsExactly("all[0]/second#1");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void divergenceInsideAParallelBranchIsFound() {
        String run = crashAt(
                "all[0]/second",
                parallel(
                        "all",
                        sequence(when(() -> changed, step("other"), step("first")), step("second")),
                        step("first")));
        changed = true;
        node.restart();

        assertBlocked(run, "all[0]/other", "all[0]/first");
    }

    @Test
    void aStepBehindAParallelContainerSeesWhatItsBranchesLeftOut() {
        String run = crashAt(
                "report",
                sequence(parallel("all", step("x"), when(() -> changed, sequence(), step("x"))), step("report")));
        changed = true;
        node.restart();

        assertBlocked(run, "report", "all[1]/x");
    }

    @Test
    void sequentialBranchesAreOneSequence() {
        String run = crashAt(
                "all[1]/b",
                split("all", true, sequence(when(() -> changed, sequence(), step("a"))), sequence(step("b"))));
        changed = true;
        node.restart();

        assertBlocked(run, "all[1]/b", "all[0]/a");
    }

    @Test
    void branchesThatAStopOnExceptionNeverReachedAreNoDivergence() {
        node.effects.on(
                "all[0]/x",
                attempt -> DrivenNode.Effects.failed(new ConnectException("refused"), Verdict.NEVER, RetryPolicy.ONCE));
        node.load(Script.of(
                "sync",
                node.effects,
                sequence(
                        Script.doTry(
                                when(
                                        () -> changed,
                                        // At replay the failure comes before the second branch is begun.
                                        split("all", true, step("x"), step("x")),
                                        parallel("all", step("x"), step("x"))),
                                "clause",
                                sequence()),
                        step("report"))));
        node.effects.hold("report");
        String run = node.start("sync");
        assertThat(node.journal(run)).containsExactly("all[1]/x", "all[0]/x failed into clause");
        node.effects.clearLog();

        changed = true;
        node.restart();

        assertThat(node.effects.log()).containsExactly("report#1");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void callSitesHaveScopesOfTheirOwn() {
        String run = crashAt("audit-2/write", sequence(call("audit", step("write")), call("audit-2", step("write"))));
        node.restart();

        assertThat(node.effects.log()).containsExactly("audit-2/write#1");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void twoPlacesWithOneKeyBlockTheRun() {
        node.load(Script.of("sync", node.effects, sequence(step("fetch"), step("fetch"))));
        Run run = node.run(node.start("sync"));

        assertThat(run.state()).isEqualTo(RunState.BLOCKED);
        assertThat(String.valueOf(run.error())).contains("fetch", "same key");
    }
}
