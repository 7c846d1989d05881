package dev.segno.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the record.
 *
 * @param sequence its place in the record, counted from 1; ignored when it is added
 * @param before   SHA-256 of what there was, in hexadecimal; null if there was nothing, or nothing was looked at
 * @param after    SHA-256 of what there is to be; null if there is to be nothing
 * @param reason   why it was refused or failed
 * @param hash     its hash in the {@link AuditChain}; null where it is about to be added, and in entries that are older than
 *     the chain
 */
public record AuditEntry(
        long sequence,
        Instant at,
        Act act,
        Result result,
        @Nullable String before,
        @Nullable String after,
        @Nullable String reason,
        @Nullable String hash) {

    /** The same at a place of the record, with its hash. */
    public AuditEntry at(long sequence, String previous) {
        AuditEntry placed = new AuditEntry(sequence, at, act, result, before, after, reason, null);
        return new AuditEntry(sequence, at, act, result, before, after, reason, AuditChain.hash(placed, previous));
    }

    /** How far an act has come. A change is two entries: what is about to be done, and what became of it. */
    public enum Result {
        /** It is allowed and about to be done. Without another entry behind it, the process ended meanwhile. */
        BEGUN,
        /** It is done. */
        DONE,
        /** It was not allowed, or not possible, and nothing has changed. */
        REFUSED,
        /** It went wrong in the middle. */
        FAILED
    }
}
