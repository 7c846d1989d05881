package dev.segno.run;

import java.time.Instant;

/**
 * A message for a run.
 *
 * @param runId for which run
 * @param id    chosen by the sender, unique in the run: the same message sent again is the same message
 * @param name  what the run waits for by this name
 * @param body  what the route goes on with
 * @param at    when it came in
 */
public record Signal(String runId, String id, String name, Payload.Inline body, Instant at) {

    /** The same message for another run. */
    Signal to(String otherRunId) {
        return new Signal(otherRunId, id, name, body, at);
    }
}
