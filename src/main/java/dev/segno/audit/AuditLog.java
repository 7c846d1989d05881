package dev.segno.audit;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Where the record is kept. Entries are added and never change. The rules for futures, reads and threads are those of the
 * store that runs are in.
 */
public interface AuditLog {

    /** Adds an entry; completes when it is on disk. */
    CompletableFuture<Void> append(AuditEntry entry);

    /**
     * The latest entries, the newest first.
     *
     * @param before only those with a smaller sequence
     * @param limit  at most so many
     */
    List<AuditEntry> latest(long before, int limit);

    /**
     * Walks a chain over all entries, the oldest first, until something is wrong.
     *
     * @return what is, or empty
     */
    Optional<String> verify(AuditChain chain);
}
