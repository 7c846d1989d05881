package dev.segno.shopping;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Tells those who follow a session what has become of it, when that is on disk. Safe for use by many threads. */
public final class SessionFeed {

    private final Map<String, Set<Listener>> listeners = new ConcurrentHashMap<>();

    /** Follows a session. Called on the threads on which runs go on; returns at once and throws nothing. */
    @FunctionalInterface
    public interface Listener {

        /**
         * @param session as it is now; not to be changed
         * @param events  what the user is told of that
         */
        void changed(Session session, List<SessionEvent> events);
    }

    /** Follows a session until the returned task is run. */
    public Runnable follow(String sessionId, Listener listener) {
        listeners.compute(sessionId, (id, known) -> {
            Set<Listener> all = known == null ? ConcurrentHashMap.newKeySet() : known;
            all.add(listener);
            return all;
        });
        return () -> listeners.computeIfPresent(sessionId, (id, known) -> {
            known.remove(listener);
            return known.isEmpty() ? null : known;
        });
    }

    void tell(Session session, List<SessionEvent> events) {
        Set<Listener> following = listeners.get(session.id());
        if (following != null) {
            following.forEach(listener -> listener.changed(session, events));
        }
    }
}
