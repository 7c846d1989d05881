package dev.segno.trigger;

import dev.segno.run.StoreUnavailable;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Where batches are kept: first they collect, then they leave, and when they are complete they stay until somebody
 * confirms that they have arrived. The rules for futures, reads and threads are those of {@link dev.segno.run.RunStore}.
 */
public interface BatchStore {

    /** The batch that collects under a correlation. */
    Optional<Batch> collecting(String scope, String correlation);

    /**
     * Writes a batch that goes on collecting. Its revision must be one above that in the store, 1 for a new batch;
     * otherwise completes with {@code false}, and nothing is written. Fails with {@link StoreUnavailable} at once when the
     * store cannot write.
     */
    CompletableFuture<Boolean> save(Batch batch);

    /**
     * Lets a batch collect no longer. Completes with {@code false}, and nothing is written, when its revision is another
     * one. The caller completes it next; where a crash comes between, it is complete as it was saved ({@link #reopen}).
     *
     * @param patient whether to wait while the store cannot write, and not to fail
     */
    CompletableFuture<Boolean> leave(Batch batch, boolean patient);

    /** Writes a complete batch, in the place of the one of the same id if there is one. */
    CompletableFuture<Void> complete(Batch batch);

    /** Forgets a complete batch that has arrived. */
    CompletableFuture<Void> confirm(String scope, String exchangeId);

    /** Makes those complete that a crash found leaving. Called once, before anything else. */
    CompletableFuture<Void> reopen();

    /** The correlations under which a scope collects. */
    Set<String> correlations(String scope);

    /** Camel's ids of the complete batches of a scope, oldest first. */
    Set<String> complete(String scope);

    /** A complete batch. */
    Optional<Batch> complete(String scope, String exchangeId);
}
