package dev.segno.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants a step to be entered with, instead of what its route gives it. Applies whenever the run comes to
 * the step, also in a replay. Several edits of one step apply in the order of their retries.
 *
 * @param key       the step
 * @param retry     number of the manual retry that brought it, from 1; calls of the step carry it in their keys
 * @param body      body instead of the one that the route has there; {@code null} leaves that
 * @param variables variables to set, as a JSON object; {@code null} as a value removes one; {@code null} for none
 * @param at        when
 */
public record Edit(
        StepKey key,
        int retry,
        Payload.@Nullable Inline body,
        @Nullable String variables,
        Instant at) {}
