package dev.segno.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What is done with the entries of a stream. Called by several threads. */
public interface EntryHandler {

    /** What became of an entry. */
    sealed interface Settlement {

        /** What it asked for is on disk. */
        record Done() implements Settlement {}

        /** Nobody can take it now; it is handled again after a while, and others wait behind it. */
        record Later(Duration delay, String why) implements Settlement {}

        /** It failed, and may go well another time. */
        record Failed(String step, Throwable cause) implements Settlement {}

        /** It will never go well as it stands. */
        record Refused(String step, Throwable cause) implements Settlement {}
    }

    /** Completes when it is known what became of the entry; a failure counts as {@link Settlement.Failed}. */
    CompletableFuture<Settlement> handle(StreamEntry entry);
}
