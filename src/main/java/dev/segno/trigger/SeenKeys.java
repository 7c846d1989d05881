package dev.segno.trigger;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** Keys of messages that have been dealt with. The rules for futures, reads and threads are those of {@link dev.segno.run.RunStore}. */
public interface SeenKeys {

    /**
     * Whether a key has been added.
     *
     * @param since those added before do not count
     */
    boolean contains(String scope, String key, Instant since);

    /**
     * Adds a key, and forgets some of those that are too old.
     *
     * @param since those added before are too old
     */
    CompletableFuture<Void> add(String scope, String key, Instant at, Instant since);

    /** Forgets a key; completes with whether it was there. */
    CompletableFuture<Boolean> remove(String scope, String key);

    /** Forgets all keys of a scope. */
    CompletableFuture<Void> clear(String scope);
}
