package dev.segno.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.run.RunState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** R8 and R24 on one node: whatever clocks and processes do, each fire time is one run, or is recorded as none. */
class MisfiresTest {

    private static final String HOURLY = "0 0 * * * ?";
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

    private void setClock(String now) {
        node.jump(Duration.between(node.clock.instant(), Instant.parse(now)));
    }

    private void begin(String cron, String zone, MisfirePolicy misfire) {
        node.register(cron, zone, misfire, OverlapRule.SKIP);
        node.begin();
    }

    private static Instant hour(int hour) {
        return NOON.plus(Duration.ofHours(hour));
    }

    private static String[] hours(int first, int last, Fire.Outcome outcome) {
        return Stream.iterate(first, hour -> hour <= last, hour -> hour + 1)
                .map(hour -> hour(hour) + " " + outcome)
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @EnumSource
    void afterDowntimeThePolicyHolds(MisfirePolicy misfire) {
        begin(HOURLY, "UTC", misfire);
        node.elapse(Duration.ofHours(1));
        node.crashFor(Duration.ofMinutes(4 * 60 + 30));
        begin(HOURLY, "UTC", misfire);
        node.elapse(Duration.ofMinutes(30));

        assertThat(node.fires()).hasSize(6).startsWith(hour(1) + " STARTED").endsWith(hour(6) + " STARTED");
        switch (misfire) {
            case SKIP -> {
                assertThat(node.fires()).contains(hours(2, 5, Fire.Outcome.MISSED));
                assertThat(node.runTimes()).containsExactly(hour(1), hour(6));
            }
            case FIRE_ONCE -> {
                assertThat(node.fires()).contains(hours(2, 4, Fire.Outcome.MISSED));
                assertThat(node.runTimes()).containsExactly(hour(1), hour(5), hour(6));
            }
            case CATCH_UP ->
                assertThat(node.runTimes()).containsExactly(hour(1), hour(2), hour(3), hour(4), hour(5), hour(6));
        }
    }

    @Test
    void whatIsCaughtUpFiresOneAfterAnother() {
        begin(HOURLY, "UTC", MisfirePolicy.CATCH_UP);
        node.hold = true;
        node.crashFor(Duration.ofMinutes(3 * 60 + 30));
        begin(HOURLY, "UTC", MisfirePolicy.CATCH_UP);
        for (int hour = 1; hour <= 3; hour++) {
            assertThat(node.runTimes()).hasSize(hour).endsWith(hour(hour));
            assertThat(node.heldRuns()).hasSize(1);
            node.endRuns();
        }
        assertThat(node.fires()).containsExactly(hours(1, 3, Fire.Outcome.STARTED));
    }

    @ParameterizedTest
    @CsvSource({"59, STARTED", "61, MISSED"})
    void aFireThatIsALittleLateIsOnTime(int secondsLate, Fire.Outcome outcome) {
        setClock("2026-03-01T12:59:00Z");
        begin(HOURLY, "UTC", MisfirePolicy.SKIP);
        node.crashFor(Duration.ofSeconds(60 + secondsLate));
        begin(HOURLY, "UTC", MisfirePolicy.SKIP);
        assertThat(node.fires()).containsExactly(hour(1) + " " + outcome);
    }

    @Test
    void aNewScheduleHasMissedNothing() {
        setClock("2026-03-01T12:30:00Z");
        begin(HOURLY, "UTC", MisfirePolicy.CATCH_UP);
        assertThat(node.fires()).isEmpty();
    }

    static Stream<Arguments> jumps() {
        return Stream.of(MisfirePolicy.values())
                .flatMap(policy -> Stream.of("PT1S", "PT-1S", "PT1H", "PT-1H", "PT24H", "PT-24H", "PT30S", "PT-30S")
                        .flatMap(jump -> Stream.of("PT59M59S", "PT1H", "PT1H30S")
                                .map(moment -> Arguments.of(policy, Duration.parse(jump), Duration.parse(moment)))));
    }

    /** The clock is set, before, at and after a fire, and set right again three hours later. */
    @ParameterizedTest(name = "{0}: {1} after {2}")
    @MethodSource("jumps")
    void R8_aClockThatIsSetNeitherLosesNorDoublesAFire(MisfirePolicy misfire, Duration jump, Duration moment) {
        begin(HOURLY, "UTC", misfire);
        node.elapse(moment);
        node.jump(jump);
        node.elapse(Duration.ofHours(3));
        node.jump(jump.negated());
        node.elapse(jump.abs().plusHours(3));

        Instant now = node.clock.instant();
        assertThat(node.runTimes()).as("no fire is two runs").doesNotHaveDuplicates();
        List<Instant> expected = Cron.of(HOURLY, "UTC").between(NOON, now, 1000);
        assertThat(node.fires().stream().map(fire -> Instant.parse(fire.substring(0, fire.indexOf(' ')))))
                .as("each fire time is accounted for, once")
                .containsSubsequence(expected)
                .doesNotHaveDuplicates();
        int missed = node.fires(Fire.Outcome.MISSED).size();
        int hoursJumped = (int) jump.abs().toHours();
        switch (misfire) {
            case CATCH_UP -> assertThat(node.runTimes()).containsAll(expected);
            case FIRE_ONCE, SKIP -> assertThat(missed).isLessThanOrEqualTo(hoursJumped);
        }
        assertThat(node.fires(Fire.Outcome.STARTED)).hasSize(node.runTimes().size());
        assertThat(node.fires(Fire.Outcome.STARTED).size() + missed)
                .isEqualTo(node.fires().size());
    }

    @Test
    void R8_aClockThatWasFarAheadDoesNotStopTheSchedule() {
        node.jump(Duration.ofDays(3650));
        begin(HOURLY, "UTC", MisfirePolicy.SKIP);
        node.elapse(Duration.ofHours(1));
        node.jump(Duration.ofDays(-3650));
        node.crash();
        begin(HOURLY, "UTC", MisfirePolicy.SKIP);
        node.elapse(Duration.ofHours(2));
        assertThat(node.runTimes()).hasSize(3).contains(hour(2), hour(3));
    }

    @ParameterizedTest(name = "{0} from {1}: {2} fires")
    @CsvSource({
        "0 30 2 * * ?, 2026-04-04T00:00:00Z, 2, 2026-04-04T15:30:00Z 2026-04-05T16:30:00Z",
        "0 30 2 * * ?, 2026-10-03T00:00:00Z, 2, 2026-10-03T16:30:00Z 2026-10-04T15:30:00Z",
        "0 0 2 * * ?, 2026-10-03T00:00:00Z, 2, 2026-10-03T16:00:00Z 2026-10-04T15:00:00Z",
        "0 0 * * * ?, 2026-04-04T14:30:00Z, 24, 2026-04-04T15:00:00Z 2026-04-04T16:00:00Z",
        "0 0 * * * ?, 2026-10-03T14:30:00Z, 24, 2026-10-03T15:00:00Z 2026-10-03T16:00:00Z",
        "0 0 12 29 2 ?, 2028-02-28T12:00:00Z, 1, 2028-02-29T01:00:00Z"
    })
    void R8_onTheDaysOfTheCalendarThatAreNotLikeOthers(String cron, String from, int fires, String first) {
        setClock(from);
        begin(cron, "Australia/Sydney", MisfirePolicy.SKIP);
        Duration span = fires == 24 ? Duration.ofHours(24) : Duration.ofHours(48);
        node.elapse(span);
        assertThat(node.runTimes())
                .doesNotHaveDuplicates()
                .hasSize(fires)
                .startsWith(Stream.of(first.split(" ")).map(Instant::parse).toArray(Instant[]::new));
        assertThat(node.fires()).hasSize(fires);
    }

    /** R24 on one node: the process dies again and again, at every point of a fire. */
    @ParameterizedTest
    @EnumSource
    void R24_eachFireTimeIsOneRunHoweverOftenTheProcessDies(MisfirePolicy misfire) {
        for (int tasks = 0; tasks < 24; tasks++) {
            begin(HOURLY, "UTC", misfire);
            node.elapse(Duration.ofSeconds(3599));
            node.crashAfter(Duration.ofSeconds(1), tasks / 3);
        }
        begin(HOURLY, "UTC", misfire);
        node.elapse(Duration.ofMinutes(1));

        assertThat(node.runTimes()).doesNotHaveDuplicates().hasSize(24).isSorted();
        assertThat(node.fires()).containsExactly(hours(1, 24, Fire.Outcome.STARTED));
    }

    @Test
    void killedBetweenTheFireAndTheStartItIsOneRun() {
        begin(HOURLY, "UTC", MisfirePolicy.SKIP);
        CrashingTarget target = new CrashingTarget(false);
        fireInto(target);
        assertThat(node.runTimes()).isEmpty();
        assertThat(node.fires()).containsExactly(hour(1) + " DUE");
        node.crashFor(Duration.ofHours(2));
        begin(HOURLY, "UTC", MisfirePolicy.SKIP);
        assertThat(node.runTimes()).as("13:00 was due before anything was down").containsExactly(hour(1), hour(3));
        assertThat(node.fires()).containsExactly(hour(1) + " STARTED", hour(2) + " MISSED", hour(3) + " STARTED");
    }

    @Test
    void killedBetweenTheStartAndItsRecordItIsOneRun() {
        node.hold = true;
        CrashingTarget target = new CrashingTarget(true);
        fireInto(target);
        assertThat(node.runTimes()).containsExactly(hour(1));
        assertThat(node.fires()).containsExactly(hour(1) + " DUE");
        node.crash();
        begin(HOURLY, "UTC", MisfirePolicy.SKIP);
        assertThat(node.runTimes()).containsExactly(hour(1));
        assertThat(node.fires(Fire.Outcome.STARTED)).singleElement().satisfies(fire -> {
            assertThat(fire.runId()).isEqualTo(node.heldRuns().get(0));
            assertThat(node.stateOf(node.heldRuns().get(0))).isEqualTo(RunState.RUNNING);
        });
    }

    private void fireInto(CrashingTarget target) {
        node.crash();
        node.schedules()
                .register(
                        new Schedule("tick", Cron.of(HOURLY, "UTC"), MisfirePolicy.SKIP, OverlapRule.SKIP),
                        "test",
                        target);
        node.begin();
        node.elapse(Duration.ofHours(1));
    }

    /** A route whose answer never comes, with or without a run: the process ends before. */
    private final class CrashingTarget implements FireTarget {
        private final boolean starts;

        CrashingTarget(boolean starts) {
            this.starts = starts;
        }

        @Override
        public CompletableFuture<Result> fire(Fire fire) {
            if (starts) {
                node.start(fire);
            }
            return new CompletableFuture<>();
        }
    }
}
