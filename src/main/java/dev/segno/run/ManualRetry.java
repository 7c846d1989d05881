package dev.segno.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The change of a standing run to {@link RunState#RUNNING}, with what becomes true in the same transaction.
 *
 * @param runId            the run
 * @param expectedRevision revision that the run must have; otherwise nothing is written
 * @param edit             what its step is entered with; {@code null} leaves it as it is
 * @param repin            the version that it goes on with; {@code null} leaves it as it is
 * @param at               when
 */
public record ManualRetry(
        String runId,
        long expectedRevision,
        @Nullable Edit edit,
        @Nullable Repin repin,
        Instant at) {}
