package dev.segno.run;

import org.jspecify.annotations.Nullable;

/**
 * A wish for a new run that shares the journal of another one up to a step.
 *
 * @param runId  the other run, in whatever state
 * @param from   the first step that is done again
 * @param edit   what that step is entered with; {@code null} for what it had
 * @param newest whether the new run takes the newest version of the orchestration
 */
public record ForkRequest(
        String runId, StepKey from, @Nullable EditedInput edit, boolean newest) {}
