package dev.segno.camel;

import dev.segno.trigger.SeenKeys;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.spi.IdempotentRepository;

/**
 * The messages that one {@code idempotentConsumer} of a route has dealt with, in the store. A key counts when its message
 * has been dealt with; while that is under way it is kept in memory alone, so that a message which a crash interrupts is
 * taken again. Safe for use by many threads.
 */
final class SeenMessages implements IdempotentRepository {

    /** Name under which routes ask for it. */
    static final String NAME = "segnoIdempotent";

    private final String scope;
    private final SeenKeys store;
    private final Clock clock;
    private final Duration keep;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    /**
     * @param scope the idempotentConsumer; the same in all versions of its route
     * @param keep  how long a key counts
     */
    SeenMessages(String scope, SeenKeys store, Clock clock, Duration keep) {
        this.scope = scope;
        this.store = store;
        this.clock = clock;
        this.keep = keep;
    }

    @Override
    public boolean add(String key) {
        if (!underWay.add(key)) {
            return false;
        }
        boolean seen = true;
        try {
            seen = store.contains(scope, key, oldest());
        } finally {
            if (seen) {
                underWay.remove(key);
            }
        }
        return !seen;
    }

    @Override
    public boolean contains(String key) {
        return underWay.contains(key) || store.contains(scope, key, oldest());
    }

    @Override
    public boolean confirm(String key) {
        Instant now = clock.instant();
        store.add(scope, key, now, now.minus(keep)).join();
        underWay.remove(key);
        return true;
    }

    @Override
    public boolean remove(String key) {
        return underWay.remove(key) || store.remove(scope, key).join();
    }

    @Override
    public void clear() {
        underWay.clear();
        store.clear(scope).join();
    }

    private Instant oldest() {
        return clock.instant().minus(keep);
    }

    @Override
    public void start() {}

    @Override
    public void stop() {}
}
