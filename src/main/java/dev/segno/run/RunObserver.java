package dev.segno.run;

import java.time.Instant;

/**
 * Is told what happens to runs, for figures and traces. Called on the threads on which runs go on: implementations are
 * thread-safe, return at once, wait for nothing and throw nothing.
 */
public interface RunObserver {

    /** A run was written that had not been there before. */
    default void started(NewRun run) {}

    /**
     * A try of a step is over; its record or that of its failure is not on disk yet.
     *
     * @param failed whether it did not do its work
     */
    default void tried(Run run, StepKey step, Instant startedAt, Instant endedAt, boolean failed) {}

    /**
     * A run has ended, or stands: the change is on disk.
     *
     * @param run   as it was before
     * @param state a final one, {@link RunState#PARKED} or {@link RunState#BLOCKED}
     */
    default void ended(Run run, RunState state, Instant at) {}
}
