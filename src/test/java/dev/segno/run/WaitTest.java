package dev.segno.run;

import static dev.segno.run.Script.await;
import static dev.segno.run.Script.sequence;
import static dev.segno.run.Script.step;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that wait for a signal or for the time. */
class WaitTest {

    private static final Duration DAY = Duration.ofDays(1);

    private DrivenNode node;

    @BeforeEach
    void open(@TempDir Path directory) {
        node = new DrivenNode(directory);
        node.load(Script.of(
                "order", node.effects, sequence(step("reserve"), await("approval", "approved", DAY), step("ship"))));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private SignalOutcome signal(String run, String id, String name) {
        Signal signal = new Signal(run, id, name, DrivenNode.Effects.text("yes"), node.clock.instant());
        return node.await(node.engine().signal(signal));
    }

    private StepRecord record(String run, String key) {
        return node.store().journal(run).stream()
                .filter(record -> record.key().path().equals(key))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aWaitingRunIsOnDiskAndNotInMemory() {
        String run = node.start("order");

        assertThat(node.run(run).state()).isEqualTo(RunState.WAITING);
        assertThat(node.engine().liveCount()).isZero();
        assertThat(node.store().waitOf(run)).hasValueSatisfying(wait -> {
            assertThat(wait.signal()).isEqualTo("approved");
            assertThat(wait.key().path()).isEqualTo("approval");
            assertThat(wait.until()).isEqualTo(DrivenNode.NOON.plus(DAY));
        });
    }

    @Test
    void aSignalEndsTheWaitAndItsBodyIsOnRecord() {
        String run = node.start("order");

        assertThat(signal(run, "s1", "approved")).isInstanceOf(SignalOutcome.Delivered.class);

        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
        assertThat(node.journal(run)).containsExactly("reserve", "approval", "ship");
        assertThat(record(run, "approval").outcome())
                .isInstanceOfSatisfying(
                        StepRecord.Signalled.class,
                        signalled -> assertThat(((Payload.Inline) signalled.body()).bytes())
                                .isEqualTo(DrivenNode.Effects.text("yes").bytes()));
        assertThat(node.effects.log()).containsExactly("reserve#1", "ship#1");
        assertThat(node.store().waitOf(run)).isEmpty();
    }

    @Test
    void aSignalWakesTheRunAfterARestart() {
        String run = node.start("order");
        node.restart();
        assertThat(node.run(run).state()).isEqualTo(RunState.WAITING);

        signal(run, "s1", "approved");

        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
        assertThat(node.effects.log()).containsExactly("reserve#1", "ship#1");
    }

    @Test
    void anEarlySignalIsKeptUntilTheRunComesToItsWait() {
        node.effects.hold("reserve");
        String run = node.start("order");
        assertThat(signal(run, "s1", "approved")).isInstanceOf(SignalOutcome.Kept.class);
        node.restart();

        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
        assertThat(node.journal(run)).containsExactly("reserve", "approval", "ship");
    }

    @Test
    void aSignalOfAnotherNameIsKeptAndTheRunGoesOnWaiting() {
        String run = node.start("order");

        assertThat(signal(run, "s1", "rejected")).isInstanceOf(SignalOutcome.Kept.class);

        assertThat(node.run(run).state()).isEqualTo(RunState.WAITING);
    }

    @Test
    void theSameSignalSentAgainIsIgnoredAlsoAfterTheEnd() {
        String run = node.start("order");
        signal(run, "s1", "approved");

        assertThat(signal(run, "s1", "approved")).isInstanceOf(SignalOutcome.Duplicate.class);
        assertThat(signal(run, "s2", "approved")).isEqualTo(new SignalOutcome.TooLate(RunState.COMPLETED));
    }

    @Test
    void aSignalForNoRunIsRefused() {
        assertThat(signal("nobody", "s1", "approved")).isInstanceOf(SignalOutcome.NoRun.class);
    }

    @Test
    void signalsOfOneNameAreTakenInTheirOrderOneByEachWait() {
        node.load(Script.of(
                "order", node.effects, sequence(await("first", "go", null), await("second", "go", null), step("end"))));
        String run = node.start("order");
        signal(run, "a", "go");
        assertThat(node.run(run).state()).isEqualTo(RunState.WAITING);

        signal(run, "b", "go");

        assertThat(node.journal(run)).containsExactly("first", "second", "end");
    }

    @Test
    void theTimeIsUpNotBeforeItsTimeAndThenIsOnRecord() {
        String run = node.start("order");
        node.advance(DAY.minusMillis(1));
        assertThat(node.run(run).state()).isEqualTo(RunState.WAITING);

        node.advance(Duration.ofMillis(1));

        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
        assertThat(record(run, "approval").outcome()).isEqualTo(new StepRecord.TimedOut());
        assertThat(record(run, "approval").endedAt()).isEqualTo(DrivenNode.NOON.plus(DAY));
    }

    @Test
    void aTimeThatWasUpWhileTheNodeWasDownEndsAtTheStart() {
        String run = node.start("order");
        node.clock.advance(DAY.multipliedBy(3));

        node.restart();

        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aSleepOfYearsSurvivesRestarts() {
        node.load(Script.of("order", node.effects, sequence(await("sleep", null, Duration.ofDays(800)), step("ship"))));
        String run = node.start("order");
        for (int i = 0; i < 8; i++) {
            node.restart();
            node.clock.advance(Duration.ofDays(100));
            assertThat(node.run(run).state()).isEqualTo(RunState.WAITING);
        }

        node.restart();

        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT1H", "PT24H"})
    void aClockPutForwardEndsTheWaitAtTheNextLookAndOnePutBackDoesNotEndItEarly(Duration jump) {
        node.load(Script.of("order", node.effects, sequence(await("sleep", null, Duration.ofHours(30)), step("ship"))));
        String run = node.start("order");
        Instant due = DrivenNode.NOON.plus(Duration.ofHours(30));

        node.clock.advance(jump.negated());
        node.advance(Duration.ofHours(29));
        assertThat(node.run(run).state()).as("%s", node.clock.instant()).isEqualTo(RunState.WAITING);

        node.clock.set(due);
        node.advance(WaitTimers.LONGEST_LOOK_AWAY);
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void manyWaitsHaveOneAlarm() {
        for (int i = 0; i < 50; i++) {
            node.start("order");
        }

        assertThat(node.delays()).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void moreWaitsThanOneLookTakesAllEnd() {
        int runs = 1_100;
        for (int i = 0; i < runs; i++) {
            node.start("order");
        }

        node.advance(DAY);

        assertThat(node.store()
                        .list(new RunQuery(Optional.empty(), Optional.of(RunState.WAITING), Optional.empty(), 10)))
                .isEmpty();
    }

    @Test
    void cancelEndsTheWait() {
        String run = node.start("order");

        CompletableFuture<RunResult> cancelled = node.engine().cancel(run);

        assertThat(node.await(cancelled).state()).isEqualTo(RunState.CANCELLED);
        assertThat(node.store().waitOf(run)).isEmpty();
        assertThat(node.store().nextDue()).isEmpty();
        assertThat(signal(run, "s1", "approved")).isEqualTo(new SignalOutcome.TooLate(RunState.CANCELLED));
    }

    @Test
    void aCancelThatMeetsTheBeginOfTheWaitEndsIt() {
        node.effects.hold("reserve");
        String run = node.start("order");
        node.effects.release("reserve");
        node.runLatestTask();

        CompletableFuture<RunResult> cancelled = node.engine().cancel(run);

        assertThat(node.await(cancelled).state()).isEqualTo(RunState.CANCELLED);
        assertThat(node.run(run).state()).isEqualTo(RunState.CANCELLED);
    }

    @Test
    void theResultOfARunThatWaitsComesAtItsEnd() {
        String run = node.start("order");
        CompletableFuture<RunResult> result = node.engine().result(run);
        node.settle();
        assertThat(result).isNotDone();

        signal(run, "s1", "approved");

        assertThat(node.await(result).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void whereTheCodeHasAStepNowTheRunIsBlocked() {
        String run = node.start("order");
        node.forget(Script.of("order", node.effects, step("x")));
        node.load(Script.of("order", node.effects, sequence(step("reserve"), step("approval"), step("ship"))));

        signal(run, "s1", "approved");

        assertThat(node.run(run).state()).isEqualTo(RunState.BLOCKED);
        assertThat(String.valueOf(node.run(run).error())).contains("'approval'", "record of kind await");
        assertThat(node.effects.log()).containsExactly("reserve#1");
    }
}
