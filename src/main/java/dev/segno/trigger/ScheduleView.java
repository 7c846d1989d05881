package dev.segno.trigger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A schedule as it stands.
 *
 * @param paused whether its fires are skipped
 * @param next   the fire times to come, also of a paused schedule; as many as were asked for, if there are
 * @param last   fires up to now, latest first; as many as were asked for, if there are
 */
public record ScheduleView(Schedule schedule, boolean paused, List<Instant> next, List<Fire> last) {

    /** When it fires next; empty when it is paused or will not fire again. */
    public Optional<Instant> nextFire() {
        return paused ? Optional.empty() : next.stream().findFirst();
    }
}
