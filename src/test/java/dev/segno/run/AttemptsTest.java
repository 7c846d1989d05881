package dev.segno.run;

import static dev.segno.run.DrivenNode.Effects.done;
import static dev.segno.run.DrivenNode.Effects.failed;
import static dev.segno.run.Script.doTry;
import static dev.segno.run.Script.outer;
import static dev.segno.run.Script.sequence;
import static dev.segno.run.Script.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tries of a step: how many, how far apart, and that neither a restart nor a crash forgets them. */
class AttemptsTest {

    private static final RetryPolicy THREE = new RetryPolicy(3, Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0);

    private DrivenNode node;

    @BeforeEach
    void open(@TempDir Path directory) {
        node = new DrivenNode(directory);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void failAlways(String key, RetryPolicy policy) {
        node.effects.on(key, attempt -> failed(new ConnectException("try " + attempt), Verdict.RETRY, policy));
    }

    @Test
    void restsBetweenTheTriesAndDoublesTheRest() {
        node.load(Script.of("sync", node.effects, step("fetch")));
        failAlways("fetch", new RetryPolicy(5, Duration.ofSeconds(1), 2, Duration.ofSeconds(3), 0));

        String run = node.start("sync");

        assertThat(node.delays()).containsExactly(Duration.ofSeconds(1));
        node.advance(Duration.ofMillis(999));
        assertThat(node.effects.log()).containsExactly("fetch#1");
        node.advance(Duration.ofMillis(1));
        assertThat(node.delays()).containsExactly(Duration.ofSeconds(2));
        node.advance(Duration.ofSeconds(2));
        assertThat(node.delays()).as("bounded").containsExactly(Duration.ofSeconds(3));
        node.advance(Duration.ofSeconds(3));
        node.advance(Duration.ofSeconds(3));
        assertThat(node.effects.log()).containsExactly("fetch#1", "fetch#2", "fetch#3", "fetch#4", "fetch#5");
        assertThat(node.run(run).state()).isEqualTo(RunState.PARKED);
        assertThat(node.run(run).error()).isEqualTo(new StepError(ConnectException.class.getName(), "try 5", "fetch"));
    }

    @Test
    void eachFailedTryIsARowWithItsTimesAndItsError() {
        node.load(Script.of("sync", node.effects, step("fetch")));
        node.effects.on(
                "fetch",
                attempt -> attempt == 1 ? failed(new ConnectException("refused"), Verdict.RETRY, THREE) : done("ok"));
        String run = node.start("sync");
        node.advance(Duration.ofSeconds(1));

        assertThat(node.store().attempts(run))
                .containsExactly(new Attempt(
                        new StepKey("fetch"),
                        1,
                        0,
                        DrivenNode.NOON,
                        DrivenNode.NOON,
                        new StepError(ConnectException.class.getName(), "refused", "fetch")));
        assertThat(node.store().journal(run)).singleElement().satisfies(record -> {
            assertThat(record.attempt()).isEqualTo(2);
            assertThat(record.startedAt()).isEqualTo(DrivenNode.NOON.plusSeconds(1));
        });
    }

    @Test
    void triesAreCountedOnOverARestart() {
        node.load(Script.of("sync", node.effects, sequence(step("fetch"), step("schedule"))));
        failAlways("schedule", THREE);
        String run = node.start("sync");
        node.advance(Duration.ofSeconds(1));
        assertThat(node.effects.log()).containsExactly("fetch#1", "schedule#1", "schedule#2");

        node.restart();

        assertThat(node.effects.log()).containsExactly("fetch#1", "schedule#1", "schedule#2", "schedule#3");
        assertThat(node.run(run).state()).isEqualTo(RunState.PARKED);
        assertThat(node.store().attempts(run)).extracting(Attempt::number).containsExactly(1, 2, 3);
    }

    @Test
    void aTryThatACrashCutOffIsMadeAgainUnderItsNumber() {
        node.load(Script.of("sync", node.effects, step("fetch")));
        node.effects.hold("fetch");
        String run = node.start("sync");

        node.restart();

        assertThat(node.effects.log()).containsExactly("fetch#1", "fetch#1");
        assertThat(node.store().journal(run)).extracting(StepRecord::attempt).containsExactly(1);
    }

    @Test
    void aManualRetryGrantsTheTriesAnewAndCountsOn() {
        node.load(Script.of("sync", node.effects, sequence(step("fetch"), step("schedule"))));
        failAlways("schedule", new RetryPolicy(2, Duration.ZERO, 1, Duration.ZERO, 0));
        String run = node.start("sync");
        node.advance(Duration.ZERO);
        assertThat(node.run(run).state()).isEqualTo(RunState.PARKED);
        node.effects.clearLog();

        node.await(node.engine().retry(run));
        node.advance(Duration.ZERO);

        assertThat(node.effects.log()).containsExactly("schedule#3", "schedule#4");
        assertThat(node.run(run)).extracting(Run::state, Run::retries).containsExactly(RunState.PARKED, 1);
        assertThat(node.store().attempts(run)).extracting(Attempt::retry).containsExactly(0, 0, 1, 1);
        node.effects.heal("schedule");
        node.await(node.engine().retry(run));
        assertThat(node.run(run)).extracting(Run::state, Run::retries).containsExactly(RunState.COMPLETED, 2);
        assertThat(node.journal(run)).containsExactly("fetch", "schedule");
    }

    @Test
    void aRetryThatComesBeforeTheParkedExecutionHasLeftGoesOnAllTheSame() {
        node.load(Script.of("sync", node.effects, step("fetch")));
        node.effects.on(
                "fetch",
                attempt -> attempt == 1
                        ? failed(new ConnectException("refused"), Verdict.NEVER, RetryPolicy.ONCE)
                        : done("ok"));
        node.effects.hold("fetch");
        String run = node.start("sync");
        node.effects.release("fetch");
        node.runLatestTask();
        // On disk, while the task that ends the execution still waits for a thread.
        assertThat(node.waitingTasks()).isOne();
        assertThat(node.run(run).state()).isEqualTo(RunState.PARKED);

        node.engine().retry(run);
        node.runLatestTask();
        node.settle();

        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void onlyAStandingRunCanBeRetried() {
        node.load(Script.of("sync", node.effects, step("fetch")));
        String run = node.start("sync");

        assertThatThrownBy(() -> node.engine().retry(run))
                .isInstanceOf(RunConflict.class)
                .hasMessageContaining("COMPLETED");
        assertThatThrownBy(() -> node.engine().retry("unknown")).isInstanceOf(UnknownRun.class);
    }

    @Test
    void aFailureThatNoOtherTryCanHelpIsTriedOnce() {
        node.load(Script.of("sync", node.effects, step("fetch")));
        node.effects.on("fetch", attempt -> failed(new IllegalArgumentException("400"), Verdict.NEVER, THREE));

        String run = node.start("sync");

        assertThat(node.effects.log()).containsExactly("fetch#1");
        assertThat(node.run(run).state()).isEqualTo(RunState.PARKED);
    }

    @Test
    void waitsAsLongAsThePeerAskedIfThatIsLonger() {
        node.load(Script.of("sync", node.effects, step("fetch")));
        node.effects.on(
                "fetch",
                attempt -> failed(
                        new ConnectException("429"),
                        new Verdict(true, Optional.of(attempt == 1 ? Duration.ofSeconds(30) : Duration.ofMillis(5))),
                        THREE));
        node.start("sync");

        assertThat(node.delays()).containsExactly(Duration.ofSeconds(30));
        node.advance(Duration.ofSeconds(30));
        assertThat(node.delays()).containsExactly(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.15, 0.5, 1})
    void jitterStaysWithinItsShareOfTheDelay(double jitter) {
        RetryPolicy policy = new RetryPolicy(9, Duration.ofSeconds(10), 2, Duration.ofSeconds(60), jitter);
        Random random = new Random(7);
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < 10_000; i++) {
            long millis = policy.delayAfter(1, random).toMillis();
            least = Math.min(least, millis);
            most = Math.max(most, millis);
            assertThat(policy.delayAfter(4, random).toMillis()).isLessThanOrEqualTo((long) (60_000 * (1 + jitter)));
        }
        assertThat(least).isBetween((long) (10_000 * (1 - jitter)), (long) (10_000 * (1 - 0.99 * jitter)));
        assertThat(most).isBetween((long) (10_000 * (1 + 0.99 * jitter)), (long) (10_000 * (1 + jitter)));
    }

    @Test
    void stepsInsideARepeatedStepAreNotRepeatedIfTheyHaveARecord() {
        node.load(Script.of("sync", node.effects, outer("all", THREE, sequence(step("reserve"), step("pay")))));
        node.effects.on(
                "all/pay",
                attempt -> attempt < 3
                        ? failed(new ConnectException("refused"), Verdict.RETRY, RetryPolicy.ONCE)
                        : done("paid"));
        String run = node.start("sync");
        node.advance(Duration.ofSeconds(1));
        node.advance(Duration.ofSeconds(2));

        assertThat(node.effects.log())
                .containsExactly("all#1", "all/reserve#1", "all/pay#1", "all#2", "all/pay#2", "all#3", "all/pay#3");
        assertThat(node.journal(run)).containsExactly("all/reserve", "all/pay", "all");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aFailureHandledInsideARepeatedStepIsNotTriedAgain() {
        node.load(Script.of(
                "sync",
                node.effects,
                outer("all", THREE, sequence(doTry(step("reserve"), "full", step("queue")), step("pay")))));
        node.effects.on("all/reserve", attempt -> failed(new ConnectException("full"), Verdict.NEVER, THREE));
        node.effects.on(
                "all/pay",
                attempt -> attempt == 1
                        ? failed(new ConnectException("refused"), Verdict.RETRY, RetryPolicy.ONCE)
                        : done("paid"));
        String run = node.start("sync");
        node.advance(Duration.ofSeconds(1));

        assertThat(node.effects.log())
                .containsExactly("all#1", "all/reserve#1", "all/queue#1", "all/pay#1", "all#2", "all/pay#2");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
        assertThat(node.journal(run)).containsExactly("all/reserve failed into full", "all/queue", "all/pay", "all");
    }

    @Test
    void aCrashInsideARepeatedStepGoesOnBehindItsRecordedPart() {
        node.load(Script.of("sync", node.effects, outer("all", THREE, sequence(step("reserve"), step("pay")))));
        node.effects.hold("all/pay");
        String run = node.start("sync");
        node.restart();

        assertThat(node.effects.log()).containsExactly("all#1", "all/reserve#1", "all/pay#1", "all#1", "all/pay#1");
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }
}
