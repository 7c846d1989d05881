package dev.segno.trigger;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a schedule over restarts.
 *
 * @param name           name of the schedule
 * @param cron           the expression that its fire times were last taken from
 * @param zone           the zone of the expression
 * @param accountedUntil of all fire times up to here it is known what became of them
 * @param paused         whether its fires are skipped
 * @param retiredAt      when its route went away; {@code null} while there is one
 * @param lastRun        the run that it started last; {@code null} for none
 */
public record ScheduleState(
        String name,
        String cron,
        String zone,
        Instant accountedUntil,
        boolean paused,
        @Nullable Instant retiredAt,
        @Nullable String lastRun) {

    /** A route that is back within this time was replaced, and missed nothing. */
    static final Duration REPLACEMENT = Duration.ofSeconds(60);

    /** A clock that went back by more was wrong before; waiting for it would stop the schedule for too long. */
    private static final Duration MOST_BACKWARDS = Duration.ofDays(2);

    static ScheduleState fresh(Schedule schedule, Instant now) {
        return new ScheduleState(
                schedule.name(),
                schedule.cron().expression(),
                schedule.cron().zone().getId(),
                now,
                false,
                null,
                null);
    }

    /** The state under the route as it is now. What has been changed or was away begins with this moment. */
    ScheduleState takenUp(Schedule schedule, Instant now) {
        boolean changed = !cron.equals(schedule.cron().expression())
                || !zone.equals(schedule.cron().zone().getId());
        boolean ahead = accountedUntil.isAfter(now.plus(MOST_BACKWARDS));
        return new ScheduleState(
                name,
                schedule.cron().expression(),
                schedule.cron().zone().getId(),
                changed || ahead || wasAway(now) ? now : accountedUntil,
                paused,
                null,
                lastRun);
    }

    boolean wasAway(Instant now) {
        return retiredAt != null && retiredAt.plus(REPLACEMENT).isBefore(now);
    }

    ScheduleState accounted(Instant until) {
        return new ScheduleState(name, cron, zone, until, paused, retiredAt, lastRun);
    }

    ScheduleState withPaused(boolean now) {
        return new ScheduleState(name, cron, zone, accountedUntil, now, retiredAt, lastRun);
    }

    ScheduleState retired(Instant at) {
        return new ScheduleState(name, cron, zone, accountedUntil, paused, at, lastRun);
    }

    ScheduleState withLastRun(String runId) {
        return new ScheduleState(name, cron, zone, accountedUntil, paused, retiredAt, runId);
    }
}
