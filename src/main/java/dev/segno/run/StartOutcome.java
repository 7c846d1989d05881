package dev.segno.run;

import java.time.Duration;

/** What the store answers to a start. */
public sealed interface StartOutcome {

    /** The run that was started, or that stands in the way. */
    String runId();

    /** A new run is on disk. */
    record Started(String runId) implements StartOutcome {}

    /** A new run is on disk, and begins when its limits allow it. */
    record Queued(String runId) implements StartOutcome {}

    /** The same start key with the same input was used before: this is that run. */
    record Existing(String runId) implements StartOutcome {}

    /** The start key was used before with other input. */
    record KeyConflict(String runId) implements StartOutcome {}

    /** Another run holds the singleton, or the last place that there is. */
    record Busy(String runId) implements StartOutcome {}

    /**
     * Too many were started lately, or are queued.
     *
     * @param runId      the latest of those that began, or the first in the queue
     * @param retryAfter when another start makes sense
     */
    record Throttled(String runId, Duration retryAfter) implements StartOutcome {}
}
