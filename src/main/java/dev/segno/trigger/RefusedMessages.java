package dev.segno.trigger;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where refused messages are kept. The rules for futures, reads and threads are those of {@link dev.segno.run.RunStore}. */
public interface RefusedMessages {

    /** Largest page. */
    int MAX_LIMIT = 500;

    /** Adds a message, unless one of the same source, reader and message id is there; completes when it is on disk. */
    CompletableFuture<Void> add(RefusedMessage message);

    /** Writes what has become of another try; nothing where the message is gone. */
    CompletableFuture<Void> update(RefusedMessage message);

    /** Removes a message; completes with whether it was there. */
    CompletableFuture<Boolean> remove(String id);

    Optional<RefusedMessage> find(String id);

    /**
     * A page, the oldest first.
     *
     * @param source of this source alone, if given
     * @param after  behind the message of this id, if given
     * @param limit  1 to {@link #MAX_LIMIT}
     */
    List<RefusedMessage> list(Optional<String> source, Optional<String> after, int limit);

    /** How many there are, of a source alone if it is given. */
    long count(Optional<String> source);
}
