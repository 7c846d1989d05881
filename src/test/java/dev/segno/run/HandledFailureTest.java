package dev.segno.run;

import static dev.segno.run.DrivenNode.Effects.failed;
import static dev.segno.run.Script.call;
import static dev.segno.run.Script.doFinally;
import static dev.segno.run.Script.doTry;
import static dev.segno.run.Script.fail;
import static dev.segno.run.Script.onException;
import static dev.segno.run.Script.outer;
import static dev.segno.run.Script.parallel;
import static dev.segno.run.Script.sequence;
import static dev.segno.run.Script.split;
import static dev.segno.run.Script.step;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A failure that the route handles is history; one that it does not handle leaves the step open. */
class HandledFailureTest {

    private DrivenNode node;

    @BeforeEach
    void open(@TempDir Path directory) {
        node = new DrivenNode(directory);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void failing(String key) {
        node.effects.on(key, attempt -> failed(new ConnectException("refused"), Verdict.NEVER, RetryPolicy.ONCE));
    }

    private String run(Script.Op route) {
        node.load(Script.of("sync", node.effects, route));
        return node.start("sync");
    }

    @Test
    void isRecordedBeforeTheNextEffectAndReplaysAsAFailure() {
        failing("reserve");
        node.effects.hold("order-more");
        String run = run(sequence(doTry(step("reserve"), "sold-out", step("order-more")), step("report")));
        assertThat(node.journal(run)).containsExactly("reserve failed into sold-out");
        node.effects.heal("reserve");

        node.restart();

        assertThat(node.effects.log()).containsExactly("reserve#1", "order-more#1", "order-more#1", "report#1");
        assertThat(node.journal(run)).containsExactly("reserve failed into sold-out", "order-more", "report");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void isRecordedBeforeTheNextEffectAlsoInBranchesBesideEachOther() {
        failing("reserve");
        node.effects.hold("ask[0]/x");
        node.effects.hold("ask[1]/x");
        String run = run(
                sequence(doTry(step("reserve"), "sold-out", parallel("ask", step("x"), step("x"))), step("report")));
        assertThat(node.journal(run)).containsExactly("reserve failed into sold-out");
        node.effects.heal("reserve");

        node.restart();

        assertThat(node.effects.log())
                .containsExactly("reserve#1", "ask[0]/x#1", "ask[1]/x#1", "ask[0]/x#1", "ask[1]/x#1", "report#1");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void isRecordedWithTheEndWhenNothingFollows() {
        failing("reserve");
        String run = run(doTry(step("reserve"), "sold-out", sequence()));

        assertThat(node.journal(run)).containsExactly("reserve failed into sold-out");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void thatARouteDoesNotHandleLeavesTheStepOpenForARetry() {
        failing("reserve");
        String run = run(sequence(doTry(sequence(), "clause", sequence()), step("reserve"), step("report")));
        assertThat(node.journal(run)).isEmpty();
        assertThat(node.run(run).error()).extracting(StepError::step).isEqualTo("reserve");
        node.effects.heal("reserve");

        node.await(node.engine().retry(run));

        assertThat(node.journal(run)).containsExactly("reserve", "report");
    }

    @Test
    void namesTheStepThatFailedNotOneThatWasHandledBefore() {
        failing("reserve");
        failing("report");
        String run = run(sequence(doTry(step("reserve"), "sold-out", sequence()), step("report")));

        assertThat(node.run(run).error()).extracting(StepError::step).isEqualTo("report");
        assertThat(node.journal(run)).containsExactly("reserve failed into sold-out");
    }

    @Test
    void ofABranchThatTheSplitPassesOverIsHistoryBeforeTheRouteGoesOn() {
        failing("all[0]/x");
        node.effects.hold("report");
        String run = run(sequence(split("all", false, step("x"), step("x")), step("report")));
        assertThat(node.journal(run)).containsExactly("all[1]/x", "all[0]/x failed");
        node.effects.heal("all[0]/x");

        node.restart();

        assertThat(node.effects.log()).containsExactly("all[0]/x#1", "all[1]/x#1", "report#1", "report#1");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void ofABranchIsOpenAsLongAsItsSiblingsGoOn() {
        failing("all[0]/x");
        node.effects.hold("all[1]/x");
        String run = run(sequence(split("all", false, step("x"), step("x"), step("x")), step("report")));
        assertThat(node.journal(run)).isEmpty();
        node.effects.heal("all[0]/x");

        node.restart();

        assertThat(node.effects.log())
                .containsExactly("all[0]/x#1", "all[1]/x#1", "all[0]/x#2", "all[1]/x#1", "all[2]/x#1", "report#1");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void ofAParallelBranchIsNotTouchedByItsSiblings() {
        failing("all[0]/x");
        node.effects.hold("all[0]/x");
        node.effects.hold("all[1]/a");
        String run = run(parallel("all", step("x"), sequence(step("a"), step("b"))));
        node.effects.release("all[0]/x");
        node.settle();
        node.effects.release("all[1]/a");
        node.settle();

        assertThat(node.journal(run)).containsExactly("all[1]/a");
        assertThat(node.run(run).state()).isEqualTo(RunState.PARKED);
    }

    @Test
    void anOnExceptionThatHandlesMakesItHistoryBeforeItsFirstStep() {
        failing("reserve");
        node.effects.hold("onException[0]/notify");
        String run = run(onException(step("reserve"), "sold-out", true, step("notify")));
        assertThat(node.journal(run)).containsExactly("reserve failed into sold-out");
        node.effects.heal("reserve");

        node.restart();

        assertThat(node.journal(run)).containsExactly("reserve failed into sold-out", "onException[0]/notify");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void anOnExceptionThatDoesNotHandleLeavesTheStepOpenAndWorksAnewAfterARetry() {
        failing("reserve");
        String run = run(onException(sequence(step("fetch"), step("reserve")), "clause", false, step("notify")));
        assertThat(node.run(run).state()).isEqualTo(RunState.PARKED);
        assertThat(node.run(run).error()).extracting(StepError::step).isEqualTo("reserve");
        assertThat(node.journal(run)).containsExactly("fetch", "onException[0]/notify");

        node.await(node.engine().retry(run));
        assertThat(node.run(run).state()).isEqualTo(RunState.PARKED);
        assertThat(node.journal(run)).containsExactly("fetch", "onException[0]/notify", "onException[1]/notify");

        node.effects.heal("reserve");
        node.await(node.engine().retry(run));
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
        assertThat(node.journal(run)).endsWith("reserve");
    }

    @Test
    void aCrashInAnOnExceptionThatDoesNotHandleTriesTheStepAgainAndNotWhatTheHandlerDid() {
        failing("reserve");
        node.effects.hold("onException[0]/mail");
        String run = run(onException(step("reserve"), "clause", false, sequence(step("notify"), step("mail"))));

        node.restart();

        assertThat(node.effects.log())
                .containsExactly(
                        "reserve#1",
                        "onException[0]/notify#1",
                        "onException[0]/mail#1",
                        "reserve#2",
                        "onException[0]/mail#1");
        assertThat(node.run(run).state()).isEqualTo(RunState.PARKED);
    }

    @Test
    void aHandlerThatWorksTwiceInOneScopeHasTwoScopes() {
        failing("a");
        failing("b");
        Script.Op route = sequence(
                onException(step("a"), "clause", true, step("notify")),
                onException(step("b"), "clause", true, step("notify")),
                step("report"));
        node.effects.hold("report");
        String run = run(route);
        List<String> expected = List.of(
                "a failed into clause", "onException[0]/notify", "b failed into clause", "onException[0.1]/notify");
        assertThat(node.journal(run)).containsExactlyElementsOf(expected);

        node.effects.clearLog();
        node.restart();

        assertThat(node.effects.log()).containsExactly("report#1");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aFailureThatOneClausePassesOnAndAnotherOneTakesNamesBoth() {
        failing("audit/write");
        String run = run(sequence(
                doTry(
                        call("audit", onException(step("write"), "tell", false, step("notify"))),
                        "give-up",
                        step("queue")),
                step("report")));

        assertThat(node.journal(run))
                .containsExactly(
                        "audit/onException[0]/notify", "audit/write failed into tell,give-up", "queue", "report");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aDoFinallyBehindAFailureThatNobodyTookLeavesTheStepOpen() {
        failing("reserve");
        String run = run(doFinally(step("reserve"), step("release")));
        assertThat(node.run(run).state()).isEqualTo(RunState.PARKED);
        assertThat(node.journal(run)).containsExactly("doFinally[0]/release");
        node.effects.heal("reserve");

        node.await(node.engine().retry(run));

        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
        assertThat(node.journal(run)).containsExactly("doFinally[0]/release", "reserve", "release");
    }

    @Test
    void aDoFinallyBehindAFailureThatAClauseTookIsAPartOfTheRoute() {
        failing("reserve");
        node.effects.hold("release");
        String run = run(doFinally(doTry(step("reserve"), "sold-out", sequence()), step("release")));
        assertThat(node.journal(run)).containsExactly("reserve failed into sold-out");

        node.restart();

        assertThat(node.journal(run)).containsExactly("reserve failed into sold-out", "release");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aDoFinallyBehindAFailureThatIsCaughtAroundItHasItsScopeAtReplayToo() {
        failing("reserve");
        node.effects.hold("report");
        String run = run(sequence(
                doTry(doFinally(step("reserve"), step("release")), "sold-out", step("notify")), step("report")));
        assertThat(node.journal(run)).containsExactly("doFinally[0]/release", "reserve failed into sold-out", "notify");

        node.restart();

        assertThat(node.effects.log())
                .containsExactly("reserve#1", "doFinally[0]/release#1", "notify#1", "report#1", "report#1");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aDoFinallyBehindAFailureThatWasPassedOverIsAPartOfTheRouteAtReplayToo() {
        failing("all[0]/x");
        node.effects.hold("report");
        String run = run(sequence(
                doFinally(sequence(split("all", false, step("x"), step("x")), step("next")), step("release")),
                step("report")));

        node.restart();

        assertThat(node.effects.log())
                .containsExactly("all[0]/x#1", "all[1]/x#1", "next#1", "release#1", "report#1", "report#1");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aRouteThatFailsByItselfAfterAHandledFailureKeepsTheHistory() {
        failing("reserve");
        String run = run(doTry(step("reserve"), "sold-out", fail(new IllegalStateException("give up"))));

        assertThat(node.run(run).state()).isEqualTo(RunState.PARKED);
        assertThat(node.run(run).error()).extracting(StepError::step).isEqualTo("reserve");
        node.effects.heal("reserve");
        node.await(node.engine().retry(run));
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void nothingOfAContainerBeginsBehindItsFailureAndItsEndIsWaitedFor() {
        failing("all[0]/x");
        node.effects.hold("all[0]/x");
        node.effects.hold("all[1]/a");
        String run = run(sequence(
                doTry(parallel("all", step("x"), sequence(step("a"), step("b"))), "clause", step("notify"))));
        node.effects.release("all[0]/x");
        node.settle();
        assertThat(node.effects.log()).as("a is still under way").containsExactly("all[0]/x#1", "all[1]/a#1");

        node.effects.release("all[1]/a");
        node.settle();

        assertThat(node.effects.log()).containsExactly("all[0]/x#1", "all[1]/a#1", "notify#1");
        assertThat(node.journal(run)).containsExactly("all[1]/a", "all[0]/x failed into clause", "notify");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aRetryOfAFailedParallelContainerTakesUpEachBranchWhereItStood() {
        failing("all[0]/x");
        node.effects.hold("all[0]/x");
        node.effects.hold("all[1]/a");
        String run = run(parallel("all", step("x"), sequence(step("a"), step("b")), step("c")));
        node.effects.release("all[0]/x");
        node.settle();
        assertThat(node.run(run).state()).as("a is still under way").isEqualTo(RunState.RUNNING);
        node.effects.release("all[1]/a");
        node.settle();
        assertThat(node.run(run).state()).isEqualTo(RunState.PARKED);
        node.effects.heal("all[0]/x");
        node.effects.clearLog();

        node.await(node.engine().retry(run));

        assertThat(node.effects.log()).containsExactly("all[0]/x#2", "all[1]/b#1");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aBranchThatRestsBetweenTwoTriesEndsWithItsContainer() {
        failing("all[1]/x");
        node.effects.hold("all[1]/x");
        node.effects.on(
                "all[0]/x",
                attempt -> failed(
                        new ConnectException("refused"),
                        Verdict.RETRY,
                        new RetryPolicy(3, Duration.ofHours(1), 1, Duration.ofHours(1), 0)));
        String run = run(parallel("all", step("x"), step("x")));
        node.effects.release("all[1]/x");
        node.settle();

        assertThat(node.run(run).state()).isEqualTo(RunState.PARKED);
        assertThat(node.run(run).error()).extracting(StepError::step).isEqualTo("all[1]/x");
    }

    @Test
    void aStepIsTriedAgainOnlyWhenTheBranchesOfItsFirstTryHaveEnded() {
        RetryPolicy twice = new RetryPolicy(2, Duration.ZERO, 1, Duration.ZERO, 0);
        node.effects.on(
                "both/all[0]/x",
                attempt -> attempt == 1
                        ? failed(new ConnectException("refused"), Verdict.NEVER, RetryPolicy.ONCE)
                        : DrivenNode.Effects.done("ok"));
        node.effects.hold("both/all[0]/x");
        node.effects.hold("both/all[1]/x");
        String run = run(outer("both", twice, parallel("all", step("x"), step("x"))));
        node.effects.release("both/all[0]/x");
        node.advance(Duration.ZERO);
        assertThat(node.effects.log()).containsExactly("both#1", "both/all[0]/x#1", "both/all[1]/x#1");

        node.effects.release("both/all[1]/x");
        node.advance(Duration.ZERO);

        assertThat(node.effects.log())
                .containsExactly("both#1", "both/all[0]/x#1", "both/all[1]/x#1", "both#2", "both/all[0]/x#2");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }
}
