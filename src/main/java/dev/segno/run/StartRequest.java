package dev.segno.run;

import org.jspecify.annotations.Nullable;

/**
 * A wish for a run.
 *
 * @param orchestration which one
 * @param input         body to start with
 * @param headers       headers to start with, as a JSON object; {@code null} for none
 * @param startKey      idempotency key of the start; {@code null} for none
 * @param parent        the run that starts it; {@code null} for none
 */
public record StartRequest(
        String orchestration,
        Payload.Inline input,
        @Nullable String headers,
        @Nullable String startKey,
        @Nullable ParentLink parent) {

    /** A wish that comes from no run. */
    public StartRequest(
            String orchestration, Payload.Inline input, @Nullable String headers, @Nullable String startKey) {
        this(orchestration, input, headers, startKey, null);
    }
}
