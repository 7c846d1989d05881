package dev.segno.run;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A compare-and-set of a run's state, with everything that has to become true in the same transaction.
 *
 * @param runId            the run
 * @param expectedRevision revision that the run must have; otherwise nothing is written
 * @param next             new state
 * @param records          records that become durable together with the change, such as that of the last step
 * @param output           body at the end; {@code null} keeps none
 * @param error            why; {@code null} clears it
 * @param attributes       {@code run.…} variables as JSON; {@code null} leaves them as they are
 * @param manualRetry      whether this is a manual retry and counts as one
 * @param at               when
 */
public record StateChange(
        String runId,
        long expectedRevision,
        RunState next,
        List<StepRecord> records,
        @Nullable Payload output,
        @Nullable StepError error,
        @Nullable String attributes,
        boolean manualRetry,
        Instant at) {}
