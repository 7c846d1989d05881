package dev.segno.run;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How many runs of an orchestration may be under way, and for how long.
 *
 * @param maxConcurrent most runs under way of one key; at least 1, {@link #UNLIMITED} for no limit
 * @param whenBusy      what becomes of a start that comes when there are so many
 * @param maxQueued     most runs of one key that are queued; what comes then is refused
 * @param rate          most runs of one key that begin in a time; {@code null} for no limit
 * @param deadline      how long after its start a run may begin steps; {@code null} for no limit
 */
public record Limits(
        int maxConcurrent,
        WhenBusy whenBusy,
        int maxQueued,
        @Nullable Rate rate,
        @Nullable Duration deadline) {

    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** Without any limit. A second run of a singleton is refused. */
    public static final Limits NONE = new Limits(UNLIMITED, WhenBusy.REJECT, 0, null, null);

    /** What becomes of a start that a limit, or a singleton, does not allow now. */
    public enum WhenBusy {
        /** It is refused, and its caller is told which run stands in the way. */
        REJECT,
        /** Its run is queued, on disk, and begins as soon as it may. */
        QUEUE,
        /** Its caller gets the run that stands in the way instead of a new one. */
        JOIN
    }

    /**
     * At most {@code runs} begin in any time of length {@code interval}.
     *
     * @param runs     at least 1
     * @param interval longer than zero
     */
    public record Rate(int runs, Duration interval) {
        public Rate {
            if (runs < 1 || interval.isNegative() || interval.isZero()) {
                throw new IllegalArgumentException("A rate needs at least one run and some time, as in 10/1m");
            }
        }
    }

    /** By when a run has to be over that was started then; {@code null} when it may take its time. */
    @Nullable
    Instant deadlineAfter(Instant start) {
        return deadline == null ? null : start.plus(deadline);
    }

    /** By when a run has to be over; a manual retry frees it from that. */
    @Nullable
    Instant deadlineOf(Run run) {
        return run.retries() > 0 ? null : deadlineAfter(run.createdAt());
    }

    /** Whether starts have to be counted. */
    boolean areCounted() {
        return maxConcurrent < UNLIMITED || rate != null;
    }
}
