package dev.segno.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One execution of an orchestration as the store has it: everything but its steps.
 *
 * @param id            ULID, sortable by time
 * @param orchestration name of the definition
 * @param version       the version that the run is pinned to
 * @param state         where it stands
 * @param revision      grows by one with each change of state; the expected value of a compare-and-set
 * @param input         body that it was started with
 * @param headers       headers that it was started with, as a JSON object; {@code null} for none
 * @param startKey      key under which a repeated start finds this run; {@code null} for none
 * @param inputHash     fingerprint of the input, to tell a repeated start from a conflicting one
 * @param singletonKey  at most one run with this key is in a state that {@link RunState#holdsSingleton()}; {@code null}
 *                      for none
 * @param retries       number of manual retries so far
 * @param output        body at its end; {@code null} before, and for runs that did not complete
 * @param error         why it is parked, blocked or failed; {@code null} otherwise
 * @param attributes    {@code run.…} variables as a JSON object
 * @param createdAt     when the start became durable
 * @param updatedAt     last change of state or attributes
 * @param endedAt       when it reached a final state, or was parked; {@code null} before
 */
public record Run(
        String id,
        String orchestration,
        String version,
        RunState state,
        long revision,
        Payload input,
        @Nullable String headers,
        @Nullable String startKey,
        @Nullable String inputHash,
        @Nullable String singletonKey,
        int retries,
        @Nullable Payload output,
        @Nullable StepError error,
        String attributes,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant endedAt) {

    /** This run as it is after one more manual retry, on a version. */
    Run retriedOn(String otherVersion) {
        return new Run(
                id,
                orchestration,
                otherVersion,
                RunState.RUNNING,
                revision,
                input,
                headers,
                startKey,
                inputHash,
                singletonKey,
                retries + 1,
                null,
                null,
                attributes,
                createdAt,
                updatedAt,
                null);
    }
}
