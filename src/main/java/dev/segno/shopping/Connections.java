package dev.segno.shopping;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many sockets are open, in all and to each session. Safe for use by many threads. */
public final class Connections {

    private final AtomicInteger all = new AtomicInteger();
    private final Map<String, Integer> bySession = new ConcurrentHashMap<>();

    /** Counts a socket, unless there are {@code most}; whether it may stay. */
    public boolean open(int most) {
        if (all.incrementAndGet() > most) {
            all.decrementAndGet();
            return false;
        }
        return true;
    }

    public void close() {
        all.decrementAndGet();
    }

    public void join(String sessionId) {
        bySession.merge(sessionId, 1, Integer::sum);
    }

    public void leave(String sessionId) {
        bySession.computeIfPresent(sessionId, (id, count) -> count > 1 ? count - 1 : null);
    }

    int count() {
        return all.get();
    }

    int count(String sessionId) {
        return bySession.getOrDefault(sessionId, 0);
    }

    Map<String, Integer> sessions() {
        return new TreeMap<>(bySession);
    }
}
