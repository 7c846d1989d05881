package dev.segno.run;

import static dev.segno.run.Script.await;
import static dev.segno.run.Script.lastStep;
import static dev.segno.run.Script.sequence;
import static dev.segno.run.Script.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segno.run.Limits.Rate;
import dev.segno.run.Limits.WhenBusy;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many runs may be under way, and what becomes of those that may not. */
class LimitsTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private DrivenNode node;

    @BeforeEach
    void open(@TempDir Path directory) {
        node = new DrivenNode(directory);
    }

    @AfterEach
    void close() {
        node.close();
    }

    /** Runs whose input begins with their key and may go on with a priority: {@code key} or {@code key:5}. */
    private record Placed(Script script) implements Orchestration {
        @Override
        public String name() {
            return script.name();
        }

        @Override
        public String version() {
            return script.version();
        }

        @Override
        public Options options() {
            return script.options();
        }

        @Override
        public void execute(Execution execution) {
            script.execute(execution);
        }

        @Override
        public Place place(Payload input, @Nullable String headers) {
            String[] parts =
                    new String(((Payload.Inline) input).bytes(), java.nio.charset.StandardCharsets.UTF_8).split(":", 2);
            return new Place(parts[0], parts.length > 1 ? Integer.parseInt(parts[1]) : 0);
        }
    }

    private static Limits atMost(int runs, WhenBusy whenBusy) {
        return new Limits(runs, whenBusy, 1_000, null, null);
    }

    private void load(Limits limits, Script.Op route) {
        load(false, limits, Orchestration.OnFailure.PARK, route);
    }

    private void load(boolean singleton, Limits limits, Orchestration.OnFailure onFailure, Script.Op route) {
        Orchestration.Options options =
                new Orchestration.Options(singleton, Orchestration.Durability.STRICT, onFailure, limits);
        node.load(new Placed(Script.of("ship", node.effects, route).with(options)));
    }

    private StartOutcome outcome(String input) {
        return outcome(input, null);
    }

    private StartOutcome outcome(String input, @Nullable String key) {
        return node.await(node.engine().start(new StartRequest("ship", DrivenNode.Effects.text(input), null, key)))
                .outcome();
    }

    private String start(String input) {
        return outcome(input).runId();
    }

    private RunState state(String run) {
        return node.run(run).state();
    }

    private void hold(int tries) {
        for (int i = 0; i < tries; i++) {
            node.effects.hold("pack");
        }
    }

    private void release() {
        node.effects.release("pack");
        node.settle();
    }

    @Test
    void whatIsOverTheLimitIsQueuedOnDiskAndBeginsWhenAnotherEnds() {
        load(atMost(2, WhenBusy.QUEUE), step("pack"));
        hold(3);

        String first = start("north");
        String second = start("north");
        StartOutcome third = outcome("north");

        assertThat(third).isInstanceOf(StartOutcome.Queued.class);
        assertThat(state(third.runId())).isEqualTo(RunState.QUEUED);
        assertThat(node.effects.log()).hasSize(2);

        release();

        assertThat(state(first)).isEqualTo(RunState.COMPLETED);
        assertThat(state(second)).isEqualTo(RunState.RUNNING);
        assertThat(state(third.runId())).isEqualTo(RunState.RUNNING);
        assertThat(node.effects.log()).hasSize(3);
    }

    @Test
    void eachKeyIsCountedByItself() {
        load(atMost(1, WhenBusy.QUEUE), step("pack"));
        hold(2);

        assertThat(outcome("north")).isInstanceOf(StartOutcome.Started.class);
        assertThat(outcome("south")).isInstanceOf(StartOutcome.Started.class);
        assertThat(outcome("north")).isInstanceOf(StartOutcome.Queued.class);
    }

    @Test
    void aHigherPriorityGoesFirstAndThenWhoCameFirst() {
        load(atMost(1, WhenBusy.QUEUE), step("pack"));
        hold(5);
        start("north");
        String early = start("north");
        String late = start("north");
        String urgent = start("north:9");

        release();
        assertThat(state(urgent)).isEqualTo(RunState.RUNNING);
        release();
        assertThat(state(early)).isEqualTo(RunState.RUNNING);
        assertThat(state(late)).isEqualTo(RunState.QUEUED);
    }

    @Test
    void aStartOverTheLimitIsRefusedWhereThatIsAskedForAndNothingIsLeftOfIt() {
        load(atMost(1, WhenBusy.REJECT), step("pack"));
        hold(1);
        String first = start("north");

        assertThat(outcome("north")).isEqualTo(new StartOutcome.Busy(first));

        assertThat(node.store()
                        .list(new RunQuery(
                                java.util.Optional.empty(),
                                java.util.Optional.empty(),
                                java.util.Optional.empty(),
                                10)))
                .hasSize(1);
        release();
        assertThat(outcome("north")).isInstanceOf(StartOutcome.Started.class);
    }

    @Test
    void aStartOverTheLimitGetsTheRunUnderWayWhereThatIsAskedFor() {
        load(atMost(1, WhenBusy.JOIN), step("pack"));
        hold(1);
        String first = start("north");

        Engine.Start second =
                node.await(node.engine().start(new StartRequest("ship", DrivenNode.Effects.text("north"), null, null)));

        assertThat(second.outcome()).isEqualTo(new StartOutcome.Existing(first));
        release();
        assertThat(node.await(second.ended()).runId()).isEqualTo(first);
    }

    @Test
    void aSecondRunOfASingletonCanBeJoined() {
        load(
                true,
                new Limits(Limits.UNLIMITED, WhenBusy.JOIN, 0, null, null),
                Orchestration.OnFailure.PARK,
                step("pack"));
        hold(1);

        String first = start("north");

        assertThat(outcome("south")).isEqualTo(new StartOutcome.Existing(first));
    }

    @Test
    void aFullQueueRefusesAndSaysWhenToComeAgain() {
        load(new Limits(1, WhenBusy.QUEUE, 2, null, null), step("pack"));
        hold(1);
        start("north");
        start("north");
        start("north");

        assertThat(outcome("north"))
                .isInstanceOfSatisfying(
                        StartOutcome.Throttled.class,
                        throttled -> assertThat(throttled.retryAfter()).isPositive());
        assertThat(outcome("south")).isInstanceOf(StartOutcome.Started.class);
    }

    @Test
    void aRepeatedStartFindsItsRunHoweverFullItIs() {
        load(new Limits(1, WhenBusy.QUEUE, 1, null, null), step("pack"));
        hold(1);
        start("north");
        StartOutcome queued = outcome("north", "order-7");

        assertThat(outcome("north", "order-7")).isEqualTo(new StartOutcome.Existing(queued.runId()));
        assertThat(outcome("other", "order-7")).isEqualTo(new StartOutcome.KeyConflict(queued.runId()));
    }

    @Test
    void noMoreBeginInATimeThanTheRateAllows() {
        load(new Limits(Limits.UNLIMITED, WhenBusy.QUEUE, 10, new Rate(2, MINUTE), null), step("pack"));

        String first = start("north");
        node.advance(Duration.ofSeconds(20));
        String second = start("north");
        String third = start("north");
        String fourth = start("north");

        assertThat(state(first)).isEqualTo(RunState.COMPLETED);
        assertThat(state(second)).isEqualTo(RunState.COMPLETED);
        assertThat(state(third)).isEqualTo(RunState.QUEUED);
        node.advance(Duration.ofSeconds(39));
        assertThat(state(third)).isEqualTo(RunState.QUEUED);
        node.advance(Duration.ofSeconds(1));
        assertThat(state(third)).isEqualTo(RunState.COMPLETED);
        assertThat(state(fourth)).isEqualTo(RunState.QUEUED);
        node.advance(Duration.ofSeconds(20));
        assertThat(state(fourth)).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aStartAboveTheRateIsRefusedWhereThatIsAskedFor() {
        load(new Limits(Limits.UNLIMITED, WhenBusy.REJECT, 0, new Rate(1, MINUTE), null), step("pack"));
        String first = start("north");
        node.advance(Duration.ofSeconds(15));

        assertThat(outcome("north")).isEqualTo(new StartOutcome.Throttled(first, Duration.ofSeconds(45)));

        node.advance(Duration.ofSeconds(45));
        assertThat(outcome("north")).isInstanceOf(StartOutcome.Started.class);
    }

    @Test
    void aWaitingRunGivesItsPlaceBackAndTakesItAgain() {
        load(
                atMost(1, WhenBusy.QUEUE),
                sequence(step("reserve"), await("approval", "approved", Duration.ofDays(1)), step("pack")));
        String first = start("north");
        assertThat(state(first)).isEqualTo(RunState.WAITING);
        node.effects.hold("reserve");
        String second = start("north");
        assertThat(state(second)).isEqualTo(RunState.RUNNING);

        node.await(node.engine()
                .signal(new Signal(first, "s1", "approved", DrivenNode.Effects.text("yes"), node.clock.instant())));
        assertThat(state(first)).isEqualTo(RunState.QUEUED);

        node.effects.release("reserve");
        node.settle();
        assertThat(state(second)).isEqualTo(RunState.WAITING);
        assertThat(state(first)).isEqualTo(RunState.COMPLETED);
        assertThat(node.effects.log()).containsExactly("reserve#1", "reserve#1", "pack#1");
    }

    @Test
    void aParkedRunGivesItsPlaceBackAndIsRetriedOnlyWhenThereIsOne() {
        load(atMost(1, WhenBusy.QUEUE), step("pack"));
        node.effects.on(
                "pack",
                attempt -> DrivenNode.Effects.failed(
                        new IllegalStateException("no box"), Verdict.NEVER, RetryPolicy.ONCE));
        String first = start("north");
        assertThat(state(first)).isEqualTo(RunState.PARKED);
        node.effects.heal("pack");
        hold(1);
        String second = start("north");
        assertThat(state(second)).isEqualTo(RunState.RUNNING);

        assertThatThrownBy(() -> node.await(node.engine().retry(first))).hasCauseInstanceOf(RunConflict.class);

        release();
        node.await(node.engine().retry(first));
        node.settle();
        assertThat(state(first)).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aCrashLosesNoPlaceAndNobodyInTheQueue() {
        load(atMost(1, WhenBusy.QUEUE), step("pack"));
        hold(2);
        String first = start("north");
        String second = start("north");
        String third = start("north");

        hold(1);
        node.restart();
        assertThat(state(first)).isEqualTo(RunState.RUNNING);
        assertThat(state(second)).isEqualTo(RunState.QUEUED);

        release();
        assertThat(state(first)).isEqualTo(RunState.COMPLETED);
        assertThat(state(second)).isEqualTo(RunState.RUNNING);
        assertThat(state(third)).isEqualTo(RunState.QUEUED);
    }

    @Test
    void whatWasQueuedWhenItsTurnCameDuringACrashBeginsAtTheStart() {
        load(atMost(1, WhenBusy.QUEUE), lastStep("pack"));
        hold(1);
        String first = start("north");
        String second = start("north");
        // Its end is on disk, and the process is gone before anybody was let in.
        node.effects.release("pack");
        node.crash();
        assertThat(state(first)).isEqualTo(RunState.COMPLETED);
        assertThat(state(second)).isEqualTo(RunState.QUEUED);

        node.engine().recover();
        node.settle();

        assertThat(state(second)).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aQueuedRunCanBeCancelled() {
        load(atMost(1, WhenBusy.QUEUE), step("pack"));
        hold(1);
        start("north");
        String second = start("north");
        String third = start("north");

        assertThat(node.await(node.engine().cancel(second)).state()).isEqualTo(RunState.CANCELLED);

        release();
        assertThat(state(second)).isEqualTo(RunState.CANCELLED);
        assertThat(state(third)).isEqualTo(RunState.COMPLETED);
        assertThat(node.effects.log()).hasSize(2);
    }

    private static Limits deadline(Duration deadline, int atMost) {
        return new Limits(atMost, WhenBusy.QUEUE, 10, null, deadline);
    }

    @Test
    void afterItsDeadlineARunBeginsNoStepAndFails() {
        load(
                false,
                deadline(MINUTE, Limits.UNLIMITED),
                Orchestration.OnFailure.FAIL,
                sequence(step("pack"), step("send")));
        hold(1);
        String run = start("north");

        node.advance(MINUTE);
        assertThat(state(run)).isEqualTo(RunState.RUNNING);
        release();

        assertThat(state(run)).isEqualTo(RunState.FAILED);
        assertThat(node.run(run).error())
                .extracting(StepError::type, StepError::step)
                .containsExactly(DeadlineExceeded.class.getName(), "send");
        assertThat(node.journal(run)).containsExactly("pack");
        assertThat(node.effects.log()).containsExactly("pack#1");
    }

    @Test
    void aRestBetweenTwoTriesEndsWithTheDeadline() {
        load(deadline(MINUTE, Limits.UNLIMITED), step("pack"));
        RetryPolicy hourly = new RetryPolicy(5, Duration.ofHours(1), 1, Duration.ofHours(1), 0);
        node.effects.on(
                "pack",
                attempt -> DrivenNode.Effects.failed(new IllegalStateException("no box"), Verdict.RETRY, hourly));
        String run = start("north");

        node.advance(MINUTE);

        assertThat(state(run)).isEqualTo(RunState.PARKED);
        assertThat(node.effects.log()).containsExactly("pack#1");
        assertThat(node.run(run).error()).extracting(StepError::type).isEqualTo(DeadlineExceeded.class.getName());
    }

    @Test
    void aManualRetryIsFreeOfTheDeadline() {
        load(deadline(MINUTE, Limits.UNLIMITED), sequence(step("pack"), step("send")));
        hold(1);
        String run = start("north");
        node.advance(MINUTE);
        release();
        assertThat(state(run)).isEqualTo(RunState.PARKED);

        node.await(node.engine().retry(run));
        node.settle();

        assertThat(state(run)).isEqualTo(RunState.COMPLETED);
        assertThat(node.effects.log()).containsExactly("pack#1", "send#2");
    }

    @Test
    void aWaitEndsWithTheDeadlineAlsoAfterACrash() {
        load(
                false,
                deadline(MINUTE, Limits.UNLIMITED),
                Orchestration.OnFailure.FAIL,
                sequence(await("approval", "approved", null), step("pack")));
        String run = start("north");
        assertThat(state(run)).isEqualTo(RunState.WAITING);

        node.restart();
        node.advance(MINUTE);

        assertThat(state(run)).isEqualTo(RunState.FAILED);
        assertThat(node.effects.log()).isEmpty();
    }

    @Test
    void aQueuedRunFailsAtItsDeadlineAlsoAfterACrash() {
        load(deadline(MINUTE, 1), step("pack"));
        hold(2);
        start("north");
        String second = start("north");
        node.restart();
        assertThat(state(second)).isEqualTo(RunState.QUEUED);

        node.advance(MINUTE);

        assertThat(state(second)).isEqualTo(RunState.FAILED);
        assertThat(node.run(second).error()).extracting(StepError::type).isEqualTo(DeadlineExceeded.class.getName());
    }
}
