package dev.segno.trigger;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the fire times that have come since the last look, and decides which of them fire. */
final class DueFires {

    /** A fire that is late by less is on time; Quartz has the same limit. */
    static final Duration TOLERANCE = Duration.ofSeconds(60);

    /** After a very long time only so many of the missed fires, the latest ones, are looked at. */
    static final int MOST = ScheduleStore.KEPT_FIRES;

    private DueFires() {}

    /** The fires since {@link ScheduleState#accountedUntil}, in the order of their times. */
    static List<Fire> of(Schedule schedule, ScheduleState state, Instant now) {
        Optional<Instant> next = schedule.cron().next(state.accountedUntil());
        if (next.isEmpty() || next.get().isAfter(now)) {
            return List.of();
        }
        List<Instant> times = schedule.cron().latestBetween(state.accountedUntil(), now, MOST);
        List<Fire> fires = new ArrayList<>();
        int late = (int) times.stream()
                .filter(time -> time.plus(TOLERANCE).isBefore(now))
                .count();
        for (int i = 0; i < times.size(); i++) {
            Fire fire = Fire.due(schedule.name(), times.get(i), Fire.Kind.SCHEDULED, now);
            boolean last = i == times.size() - 1;
            if (state.paused()) {
                fires.add(fire.became(Fire.Outcome.SKIPPED, null, "The schedule was paused", now));
            } else {
                // Those that come with others that are caught up stand behind them, and do not overlap with them.
                boolean behind = late > 0 && schedule.misfire() == MisfirePolicy.CATCH_UP;
                fires.add(i < late || behind ? missed(schedule.misfire(), fire, last, now) : fire);
            }
        }
        return fires;
    }

    private static Fire missed(MisfirePolicy policy, Fire fire, boolean last, Instant now) {
        return switch (policy) {
            case CATCH_UP -> Fire.due(fire.schedule(), fire.at(), Fire.Kind.CAUGHT_UP, now);
            case FIRE_ONCE -> last ? Fire.due(fire.schedule(), fire.at(), Fire.Kind.CAUGHT_UP, now) : miss(fire, now);
            case SKIP -> miss(fire, now);
        };
    }

    private static Fire miss(Fire fire, Instant now) {
        return fire.became(Fire.Outcome.MISSED, null, "Nobody could fire at its time", now);
    }
}
