package dev.segno.shopping;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps sessions, their events, and the keys of requests. Safe for use by many threads. */
public interface SessionStore {

    /** What can be done in one transaction. Belongs to the work that it is given to. */
    interface Transaction {
        Optional<Session> find(String id);

        void save(Session session);

        /** Whether events of this origin are there. */
        boolean hasEvents(String sessionId, String origin);

        /**
         * Adds events, behind those that there are.
         *
         * @param origin what they come from; unique in the session
         * @param events sequences are not looked at
         * @return the same with their sequences
         */
        List<SessionEvent> append(String sessionId, String origin, List<SessionEvent> events);

        Optional<KeyedRequest> keyed(String key);

        void save(KeyedRequest request);

        /** Removes sessions that are over, with all that belongs to them; a few at a time. */
        void forget(Instant now);
    }

    /**
     * Does work in one transaction. It looks first and writes then: what it throws is its refusal, and it may throw only
     * before it has written anything. Fails with {@link dev.segno.run.StoreUnavailable} when nothing can be written.
     */
    <T> CompletableFuture<T> write(Function<Transaction, T> work);

    /** A session, whether or not its time is over. */
    Optional<Session> find(String id);

    /**
     * The sessions of a user whose time is not over, the newest first.
     *
     * @param caller who asks; those of other callers are left out. Null where callers are not known
     */
    List<Session> ofUser(String userId, @Nullable String caller, Instant now, int limit);

    /** Events of a session behind a sequence, in their order. */
    List<SessionEvent> events(String sessionId, long after, int limit);

    Optional<KeyedRequest> keyed(String key);
}
