package dev.segno.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What schedules do while the clock goes as clocks should: fires, overlaps, pauses, triggers, backfills, replacements. */
class SchedulesTest {

    private static final String MINUTELY = "0 * * * * ?";
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private ScheduledNode node;

    @BeforeEach
    void open(@TempDir Path directory) {
        node = new ScheduledNode(directory, "2026-03-01T12:00:00Z");
    }

    @AfterEach
    void close() {
        node.close();
    }

    private Schedules.Registration register(OverlapRule overlap) {
        return node.register(MINUTELY, "UTC", MisfirePolicy.FIRE_ONCE, overlap);
    }

    private static Instant minute(int minute) {
        return NOON.plus(Duration.ofMinutes(minute));
    }

    private Fire lastFire() {
        return node.schedules().find("tick", 1, 1).orElseThrow().last().get(0);
    }

    @Test
    void itFiresAtItsTimesAndRecordsTheRuns() {
        register(OverlapRule.SKIP);
        node.begin();
        node.elapse(Duration.ofSeconds(59));
        assertThat(node.runTimes()).isEmpty();
        node.elapse(Duration.ofSeconds(2));
        assertThat(node.runTimes()).containsExactly(minute(1));
        node.elapse(Duration.ofMinutes(2));
        assertThat(node.runTimes()).containsExactly(minute(1), minute(2), minute(3));
        assertThat(node.fires(Fire.Outcome.STARTED))
                .extracting(Fire::runId)
                .containsExactly("run-000001", "run-000002", "run-000003");
        ScheduleView view = node.schedules().find("tick", 2, 2).orElseThrow();
        assertThat(view.next()).containsExactly(minute(4), minute(5));
        assertThat(view.nextFire()).contains(minute(4));
        assertThat(view.last()).extracting(Fire::at).containsExactly(minute(3), minute(2));
        assertThat(node.schedules().list()).hasSize(1);
    }

    @Test
    void nothingFiresBeforeItBegins() {
        register(OverlapRule.SKIP);
        node.elapse(Duration.ofMinutes(2));
        assertThat(node.runTimes()).isEmpty();
    }

    @Test
    void anOverlappingFireIsSkippedAndRecordedWithTheRunInItsWay() {
        register(OverlapRule.SKIP);
        node.hold = true;
        node.begin();
        node.elapse(Duration.ofMinutes(3));
        assertThat(node.fires())
                .containsExactly(minute(1) + " STARTED", minute(2) + " SKIPPED", minute(3) + " SKIPPED");
        assertThat(lastFire().runId()).isEqualTo(node.heldRuns().get(0));
        assertThat(lastFire().reason()).contains(node.heldRuns().get(0), "under way");
        node.endRuns();
        node.elapse(Duration.ofMinutes(1));
        assertThat(node.runTimes()).containsExactly(minute(1), minute(4));
    }

    @Test
    void anOverlappingFireWaitsInLineWhenItMayQueue() {
        register(OverlapRule.QUEUE);
        node.hold = true;
        node.begin();
        node.elapse(Duration.ofMinutes(3));
        assertThat(node.fires()).containsExactly(minute(1) + " STARTED", minute(2) + " QUEUED", minute(3) + " QUEUED");
        node.endRuns();
        assertThat(node.fires()).containsExactly(minute(1) + " STARTED", minute(2) + " STARTED", minute(3) + " QUEUED");
        node.endRuns();
        assertThat(node.runTimes()).containsExactly(minute(1), minute(2), minute(3));
    }

    @Test
    void whatWaitsInLineOutlivesTheProcess() {
        register(OverlapRule.QUEUE);
        node.hold = true;
        node.begin();
        node.elapse(Duration.ofMinutes(3));
        node.crash();
        register(OverlapRule.QUEUE);
        node.begin();
        assertThat(node.runTimes()).containsExactly(minute(1));
        node.endRuns();
        node.elapse(Duration.ofSeconds(15));
        node.endRuns();
        node.elapse(Duration.ofSeconds(15));
        assertThat(node.runTimes()).containsExactly(minute(1), minute(2), minute(3));
    }

    @Test
    void anOverlapMayBeAllowed() {
        register(OverlapRule.ALLOW);
        node.hold = true;
        node.begin();
        node.elapse(Duration.ofMinutes(3));
        assertThat(node.heldRuns()).hasSize(3);
    }

    @Test
    void aSingletonThatSomebodyElseStartedIsInTheWayToo() {
        register(OverlapRule.SKIP);
        node.singleton = true;
        node.hold = true;
        node.begin();
        node.start("by hand");
        node.elapse(Duration.ofMinutes(1));
        assertThat(node.fires()).containsExactly(minute(1) + " SKIPPED");
        assertThat(lastFire().runId()).isEqualTo("run-000001");
    }

    @Test
    void aQueuedFireWaitsForASingletonThatSomebodyElseStarted() {
        register(OverlapRule.QUEUE);
        node.singleton = true;
        node.hold = true;
        node.begin();
        node.start("by hand");
        node.elapse(Duration.ofMinutes(1));
        assertThat(node.fires()).containsExactly(minute(1) + " QUEUED");
        node.endRuns();
        assertThat(node.fires()).containsExactly(minute(1) + " STARTED");
    }

    @Test
    void aRouteThatFailsIsRecordedAndTheNextFireComes() {
        node.schedules()
                .register(
                        new Schedule("tick", Cron.of(MINUTELY, "UTC"), MisfirePolicy.SKIP, OverlapRule.SKIP),
                        "test",
                        fire -> {
                            if (fire.at().equals(minute(1))) {
                                throw new IllegalStateException("no such thing");
                            }
                            return node.start(fire);
                        });
        node.begin();
        node.elapse(Duration.ofMinutes(2));
        assertThat(node.fires()).containsExactly(minute(1) + " FAILED", minute(2) + " STARTED");
        assertThat(node.fires(Fire.Outcome.FAILED).get(0).reason()).isEqualTo("no such thing");
    }

    @Test
    void aRouteWithoutARunIsRecordedAsStarted() {
        node.schedules()
                .register(
                        new Schedule("tick", Cron.of(MINUTELY, "UTC"), MisfirePolicy.SKIP, OverlapRule.SKIP),
                        "test",
                        fire -> CompletableFuture.completedFuture(new FireTarget.Result.NoRun()));
        node.begin();
        node.elapse(Duration.ofMinutes(2));
        assertThat(node.fires(Fire.Outcome.STARTED))
                .hasSize(2)
                .extracting(Fire::runId)
                .containsOnlyNulls();
    }

    @Test
    void aPauseOutlivesTheProcessAndWhatFellDueMeanwhileIsNotMadeUpFor() {
        register(OverlapRule.SKIP);
        node.begin();
        node.elapse(Duration.ofMinutes(1));
        node.schedules().pause("tick");
        node.schedules().pause("tick");
        node.elapse(Duration.ofMinutes(2));
        assertThat(node.schedules().find("tick", 1, 0).orElseThrow().nextFire()).isEmpty();
        node.crashFor(Duration.ofMinutes(2));
        register(OverlapRule.SKIP);
        node.begin();
        assertThat(node.schedules().find("tick", 1, 0).orElseThrow().paused()).isTrue();
        node.schedules().resume("tick");
        node.elapse(Duration.ofMinutes(1));
        assertThat(node.runTimes()).containsExactly(minute(1), minute(6));
        assertThat(node.fires(Fire.Outcome.SKIPPED))
                .hasSize(4)
                .extracting(Fire::reason)
                .containsOnly("The schedule was paused");
    }

    @Test
    void aTriggerFiresAtOnceAlsoWhilePaused() {
        register(OverlapRule.SKIP);
        node.begin();
        node.schedules().pause("tick");
        node.elapse(Duration.ofSeconds(30));
        CompletableFuture<Fire> one = node.schedules().trigger("tick");
        CompletableFuture<Fire> two = node.schedules().trigger("tick");
        node.settle();
        assertThat(one).isCompletedWithValueMatching(fire -> fire.outcome() == Fire.Outcome.STARTED);
        assertThat(one.join().kind()).isEqualTo(Fire.Kind.TRIGGERED);
        assertThat(two).as("they overlap").isCompletedWithValueMatching(fire -> fire.outcome() == Fire.Outcome.SKIPPED);
        assertThat(node.runTimes()).hasSize(1);
    }

    @Test
    void aTriggerSaysWhichRunIsInItsWay() {
        register(OverlapRule.SKIP);
        node.hold = true;
        node.begin();
        node.elapse(Duration.ofMinutes(1));
        Fire fire = node.schedules().trigger("tick").join();
        assertThat(fire.outcome()).isEqualTo(Fire.Outcome.SKIPPED);
        assertThat(fire.runId()).isEqualTo("run-000001");
    }

    @Test
    void aBackfillFillsTheHolesOneAfterAnother() {
        register(OverlapRule.SKIP);
        node.hold = true;
        node.begin();
        node.elapse(Duration.ofMinutes(4));
        node.endRuns();
        node.elapse(Duration.ofSeconds(30));
        assertThat(node.runTimes()).containsExactly(minute(1));

        assertThat(node.schedules().backfill("tick", minute(0), minute(3))).isEqualTo(new Backfill(3, 1));
        node.settle();
        assertThat(node.runTimes()).containsExactly(minute(1), minute(0));
        node.endRuns();
        node.endRuns();
        assertThat(node.heldRuns()).hasSize(1);
        node.endRuns();
        assertThat(node.runTimes()).containsExactly(minute(1), minute(0), minute(2), minute(3));
        assertThat(node.schedules().backfill("tick", minute(0), minute(3))).isEqualTo(new Backfill(0, 4));
        assertThat(node.fires(Fire.Outcome.STARTED))
                .extracting(Fire::kind)
                .containsExactly(Fire.Kind.BACKFILLED, Fire.Kind.SCHEDULED, Fire.Kind.BACKFILLED, Fire.Kind.BACKFILLED);
    }

    @Test
    void aBackfillGoesOnAfterACrash() {
        register(OverlapRule.SKIP);
        node.begin();
        node.hold = true;
        node.schedules().backfill("tick", NOON.minus(Duration.ofMinutes(3)), NOON);
        node.settle();
        node.crash();
        register(OverlapRule.SKIP);
        node.begin();
        for (int run = 0; run < 4; run++) {
            node.endRuns();
            node.elapse(Duration.ofSeconds(14));
        }
        assertThat(node.runTimes()).containsExactly(minute(-3), minute(-2), minute(-1), minute(0));
    }

    @Test
    void aBackfillHasALimitAndLiesBehind() {
        node.register("* * * * * ?", "UTC", MisfirePolicy.SKIP, OverlapRule.SKIP);
        node.begin();
        Schedules schedules = node.schedules();
        assertThatThrownBy(() -> schedules.backfill("tick", NOON, NOON.plusSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> schedules.backfill("tick", NOON, NOON.minusSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> schedules.backfill("tick", NOON.minusSeconds(1000), NOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1000");
        assertThat(schedules.backfill("tick", NOON.minusSeconds(999), NOON).firing())
                .isEqualTo(1000);
    }

    @Test
    void whatIsNotThereIsUnknown() {
        Schedules schedules = node.schedules();
        assertThat(schedules.find("tick", 1, 1)).isEmpty();
        for (Runnable call : List.<Runnable>of(
                () -> schedules.pause("tick"),
                () -> schedules.resume("tick"),
                () -> schedules.trigger("tick"),
                () -> schedules.backfill("tick", NOON, NOON))) {
            assertThatThrownBy(call::run).isInstanceOf(UnknownSchedule.class).hasMessageContaining("'tick'");
        }
    }

    @Test
    void aRouteThatIsReplacedNeitherMissesNorDoublesAFire() {
        Schedules.Registration first = register(OverlapRule.SKIP);
        node.begin();
        node.elapse(Duration.ofSeconds(61));
        Schedules.Registration second = register(OverlapRule.SKIP);
        node.settle();
        first.close();
        node.settle();
        node.elapse(Duration.ofMinutes(1));
        second.close();
        node.jump(Duration.ofSeconds(59));
        register(OverlapRule.SKIP);
        node.settle();
        assertThat(node.runTimes()).containsExactly(minute(1), minute(2), minute(3));
    }

    @Test
    void aNewVersionThatGoesAwayAgainLeavesTheOldOneFiring() {
        register(OverlapRule.SKIP);
        node.begin();
        Schedules.Registration second = register(OverlapRule.SKIP);
        node.settle();
        second.close();
        node.settle();
        node.elapse(Duration.ofMinutes(1));
        assertThat(node.runTimes()).containsExactly(minute(1));
    }

    @Test
    void aRouteThatIsRemovedFiresNoMore() {
        Schedules.Registration route = register(OverlapRule.QUEUE);
        node.hold = true;
        node.begin();
        node.elapse(Duration.ofMinutes(2));
        route.close();
        node.endRuns();
        node.elapse(Duration.ofMinutes(5));
        assertThat(node.runTimes()).containsExactly(minute(1));
        assertThat(node.schedules().list()).isEmpty();
        assertThat(node.schedules().find("tick", 1, 1)).isEmpty();

        register(OverlapRule.QUEUE);
        node.settle();
        assertThat(node.runTimes()).as("nothing is made up for").containsExactly(minute(1));
        assertThat(node.fires()).containsExactly(minute(1) + " STARTED", minute(2) + " SKIPPED");
        node.elapse(Duration.ofMinutes(1));
        assertThat(node.runTimes()).containsExactly(minute(1), minute(8));
    }

    @Test
    void aRouteThatWasRemovedWhileTheProgramWasDownHasMissedNothingWhenItComesBack() {
        register(OverlapRule.SKIP);
        node.begin();
        node.elapse(Duration.ofMinutes(1));
        node.crash();
        node.begin();
        node.crashFor(Duration.ofHours(1));
        register(OverlapRule.SKIP);
        node.begin();
        assertThat(node.runTimes()).containsExactly(minute(1));
        assertThat(node.fires(Fire.Outcome.MISSED)).isEmpty();
    }

    @Test
    void anotherExpressionBeginsWithTheMomentInWhichItIsLoaded() {
        register(OverlapRule.SKIP);
        node.begin();
        node.elapse(Duration.ofMinutes(1));
        node.crashFor(Duration.ofHours(5));
        node.register("0 0/30 * * * ?", "UTC", MisfirePolicy.CATCH_UP, OverlapRule.SKIP);
        node.begin();
        node.elapse(Duration.ofMinutes(29));
        assertThat(node.runTimes()).containsExactly(minute(1), minute(5 * 60 + 30));
    }

    @Test
    void twoRoutesCannotHaveOneSchedule() {
        register(OverlapRule.SKIP);
        assertThatThrownBy(() -> node.register("other", MINUTELY, "UTC", MisfirePolicy.SKIP, OverlapRule.SKIP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'tick'")
                .hasMessageContaining("test");
    }

    @Test
    void aGracefulStopIsNoRemoval() {
        Schedules.Registration route = register(OverlapRule.SKIP);
        node.begin();
        node.elapse(Duration.ofMinutes(1));
        node.schedules().close();
        route.close();
        node.elapse(Duration.ofSeconds(210));
        assertThat(node.runTimes()).containsExactly(minute(1));
        node.crash();
        register(OverlapRule.SKIP);
        node.begin();
        assertThat(node.runTimes()).as("the one that is on time yet").containsExactly(minute(1), minute(4));
    }
}
