package dev.segno.store;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rows that cannot be read: they are left out of lists and reported once, and hold up nothing. Safe for many threads. */
final class Quarantine {

    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);

    /** Above this many, repeated reports are better than memory that grows. */
    private static final int REMEMBERED = 10_000;

    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    /** @param what the row: what it is, and its id */
    void report(String what, UnreadableRow reason) {
        if (reported.size() >= REMEMBERED || reported.add(what)) {
            LOG.warn("{} is left out, its row cannot be read: {}", what, reason.getMessage());
        }
    }
}
