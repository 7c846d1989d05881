package dev.segno.run;

/**
 * What connects a run with the one that it came from.
 *
 * @param runId the other run
 * @param step  the step of it in which this one began; of a fork the first one that is done again
 * @param kind  how they belong together
 */
public record ParentLink(String runId, StepKey step, Kind kind) {

    /** How a run came from another. */
    public enum Kind {
        /** The other one waits for its end: a cancel goes down, a failure comes up. */
        CHILD,
        /** The other one started it and went on. */
        STARTED,
        /** This one shares the other's journal up to that step. */
        FORK
    }
}
