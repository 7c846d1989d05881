package dev.segno.trigger;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A message that could not start a run, nor do whatever else it was sent for. It is no run, so it stands beside the dead
 * letters until somebody sends it again or drops it.
 *
 * @param id         sortable
 * @param source     where it came from: the stream
 * @param reader     for whom: the stream's consumer group
 * @param messageId  id in its source
 * @param fields     what it says
 * @param deliveries how often it was handed out before
 * @param step       what failed
 * @param errorType  class of the failure
 * @param error      what is wrong
 * @param at         when it was refused first
 * @param retries    how often people have sent it again
 */
public record RefusedMessage(
        String id,
        String source,
        String reader,
        String messageId,
        Map<String, String> fields,
        long deliveries,
        String step,
        String errorType,
        String error,
        Instant at,
        int retries) {

    public RefusedMessage {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** The same after it was sent again in vain. */
    public RefusedMessage refusedAgain(String newStep, String newErrorType, String newError) {
        return new RefusedMessage(
                id, source, reader, messageId, fields, deliveries, newStep, newErrorType, newError, at, retries + 1);
    }
}
