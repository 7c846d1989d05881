package dev.segno.secret;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where sealed values are kept. Futures complete when a change is on disk. Safe for use by many threads. */
public interface SealedValues {

    /** Keeps a value, unless its reference was known before, also if its value is gone since. */
    CompletableFuture<Void> keep(String reference, String kept, Instant now);

    /** The value of a reference; empty when it is gone or was never there. Blocks. */
    Optional<String> find(String reference);

    /** Deletes a value and keeps its reference. */
    CompletableFuture<Void> drop(String reference);

    /** Deletes all that was kept before a time, references as well. */
    CompletableFuture<Void> forget(Instant before);
}
