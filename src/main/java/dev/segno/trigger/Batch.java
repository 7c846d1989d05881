package dev.segno.trigger;

import java.time.Instant;

/**
 * Messages that belong together, collected into one.
 *
 * @param scope       who collects: an {@code aggregate} of a route
 * @param id          of this batch; unique in its scope
 * @param correlation what its messages have in common; at most one batch of a scope collects under it
 * @param exchangeId  Camel's id of the message that they have become
 * @param revision    from 1; grows by one with each change
 * @param changedAt   when the last message came in
 * @param content     the message as a JSON document
 */
@SuppressWarnings("ArrayRecordComponent") // carries a document to and from a row; never compared
public record Batch(
        String scope,
        String id,
        String correlation,
        String exchangeId,
        long revision,
        Instant changedAt,
        byte[] content) {}
