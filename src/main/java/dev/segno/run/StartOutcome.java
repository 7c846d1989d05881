package dev.segno.run;

/** What the store answers to a start. */
public sealed interface StartOutcome {

    /** The run that was started, or that stands in the way. */
    String runId();

    /** A new run is on disk. */
    record Started(String runId) implements StartOutcome {}

    /** The same start key with the same input was used before: this is that run. */
    record Existing(String runId) implements StartOutcome {}

    /** The start key was used before with other input. */
    record KeyConflict(String runId) implements StartOutcome {}

    /** Another run holds the singleton. */
    record Busy(String runId) implements StartOutcome {}
}
