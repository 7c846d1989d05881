package dev.segno.run;

import org.jspecify.annotations.Nullable;

/**
 * How an execution ended.
 *
 * @param runId  the run
 * @param state  its state; {@link RunState#RUNNING} when it was suspended and goes on after a restart
 * @param output body at its end; {@code null} unless it completed
 * @param error  why it did not complete; {@code null} if it did
 * @param next   id of the run in which it went on; {@code null} if it did not
 */
public record RunResult(
        String runId,
        RunState state,
        @Nullable Payload output,
        @Nullable StepError error,
        @Nullable String next) {

    /** A run that did not go on as another. */
    public RunResult(String runId, RunState state, @Nullable Payload output, @Nullable StepError error) {
        this(runId, state, output, error, null);
    }

    static RunResult of(Run run) {
        return new RunResult(run.id(), run.state(), run.output(), run.error());
    }
}
