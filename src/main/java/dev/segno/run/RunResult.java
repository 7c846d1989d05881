package dev.segno.run;

import org.jspecify.annotations.Nullable;

/**
 * How an execution ended.
 *
 * @param runId  the run
 * @param state  its state; {@link RunState#RUNNING} when it was suspended and goes on after a restart
 * @param output body at its end; {@code null} unless it completed
 * @param error  why it did not complete; {@code null} if it did
 */
public record RunResult(
        String runId,
        RunState state,
        @Nullable Payload output,
        @Nullable StepError error) {

    static RunResult of(Run run) {
        return new RunResult(run.id(), run.state(), run.output(), run.error());
    }
}
