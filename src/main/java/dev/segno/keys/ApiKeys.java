package dev.segno.keys;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where keys are kept. Futures complete when a change is on disk. Safe for use by many threads. */
public interface ApiKeys {

    /** All of them, also those that are no longer good, in the order in which they were made. Blocks. */
    List<ApiKey> all();

    /** Adds one. */
    CompletableFuture<Void> add(ApiKey key);

    /** Keeps when a key was taken back; false when there is none of its id, or it was taken back before. */
    CompletableFuture<Boolean> revoke(ApiKey revoked);
}
