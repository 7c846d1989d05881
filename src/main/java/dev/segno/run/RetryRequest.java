package dev.segno.run;

import org.jspecify.annotations.Nullable;

/**
 * A wish to retry a parked or blocked run.
 *
 * @param runId  the run
 * @param edit   what its failed step is entered with; {@code null} for what it had
 * @param newest whether it goes on with the newest version of its orchestration
 */
public record RetryRequest(String runId, @Nullable EditedInput edit, boolean newest) {

    /** The same again. */
    public static RetryRequest of(String runId) {
        return new RetryRequest(runId, null, false);
    }
}
