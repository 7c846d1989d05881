package dev.segno.trigger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One fire time of a schedule, and what became of it.
 *
 * @param schedule  name of the schedule
 * @param at        the fire time; with the schedule it is the key of the fire, and of the run that it starts
 * @param kind      why it fires
 * @param outcome   what became of it
 * @param runId     the run that it started, or the one that stood in its way; {@code null} for none
 * @param reason    why it did not start a run, in words; {@code null} if it did or is yet to
 * @param changedAt when the outcome was told
 */
public record Fire(
        String schedule,
        Instant at,
        Kind kind,
        Outcome outcome,
        @Nullable String runId,
        @Nullable String reason,
        Instant changedAt) {

    /** Why a fire time fires. */
    public enum Kind {
        /** Its time came. */
        SCHEDULED,
        /** Its time went by unseen, and it is made up for. */
        CAUGHT_UP,
        /** Somebody asked for a fire at once. */
        TRIGGERED,
        /** Somebody asked for the fires of a time that has passed. */
        BACKFILLED
    }

    /** What became of a fire time. */
    public enum Outcome {
        /** It is to fire, and is being fired; after a crash it is fired again, with the same key. */
        DUE,
        /** It waits for a run that is under way. */
        QUEUED,
        /** Its route was executed, and the run that it starts is on disk. */
        STARTED,
        /** It was left out on purpose: a run was under way, or the schedule was paused. */
        SKIPPED,
        /** Its time went by while nobody could fire it. */
        MISSED,
        /** Its route failed before it could start a run. */
        FAILED;

        /** Whether it is yet to fire. */
        public boolean isOpen() {
            return this == DUE || this == QUEUED;
        }
    }

    static Fire due(String schedule, Instant at, Kind kind, Instant now) {
        return new Fire(schedule, at, kind, Outcome.DUE, null, null, now);
    }

    Fire became(Outcome next, @Nullable String run, @Nullable String why, Instant now) {
        return new Fire(schedule, at, kind, next, run, why, now);
    }

    /** The key under which the fire starts its run: the same however often it is fired. */
    public String startKey() {
        return "schedule/" + schedule + '/' + at;
    }
}
