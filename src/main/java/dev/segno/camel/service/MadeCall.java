package dev.segno.camel.service;

import dev.segno.run.StepKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request to a service that is over.
 *
 * @param runId       the run that made it; null for none
 * @param step        the step that made it; null outside of steps
 * @param attempt     of the step, or of the call itself outside of steps; from 1
 * @param service     name of the service
 * @param method      of the request
 * @param url         without its query
 * @param status      of the answer; 0 when none came
 * @param startedAt   when it was sent
 * @param endedAt     when the answer was there, or would not come
 * @param traceParent header that went with it: its trace and its own span
 */
public record MadeCall(
        @Nullable String runId,
        @Nullable StepKey step,
        int attempt,
        String service,
        String method,
        String url,
        int status,
        Instant startedAt,
        Instant endedAt,
        String traceParent) {

    /** Whether it did not do what it was for. */
    public boolean failed() {
        return status < 200 || status >= 400;
    }
}
