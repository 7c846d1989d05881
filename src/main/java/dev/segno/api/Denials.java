package dev.segno.api;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Which refusals are recorded: of one address and status the first in a minute, and of all no more than {@link #MOST} in a
 * minute. The others are counted, and the next one that is recorded says how many they were. Safe for concurrent use.
 */
final class Denials {

    static final int MOST = 30;
    private static final long WINDOW = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanoTime;
    private final Map<String, Long> unsaid = new LinkedHashMap<>();
    private long since;
    private long others;

    Denials(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    /** Counts a refusal; what its entry says of earlier ones, or empty when it gets none. */
    synchronized Optional<String> add(String address, int status) {
        long now = nanoTime.getAsLong();
        if (now - since >= WINDOW) {
            since = now;
            others += unsaid.values().stream().mapToLong(Long::longValue).sum();
            unsaid.clear();
        }
        String key = status + " " + address;
        if (unsaid.containsKey(key)) {
            unsaid.merge(key, 1L, Long::sum);
            return Optional.empty();
        }
        if (unsaid.size() >= MOST) {
            others++;
            return Optional.empty();
        }
        unsaid.put(key, 0L);
        long earlier = others;
        others = 0;
        return Optional.of(earlier == 0 ? "" : ", and " + earlier + " more were refused before");
    }
}
