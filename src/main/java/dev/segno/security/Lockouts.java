package dev.segno.security;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Addresses that show wrong credentials: after {@link #FAILURES} within a minute none from there is looked at for a minute.
 * Of IPv6 addresses the network of 64 bits counts, which is what one customer has. At most {@link #MAX_ADDRESSES} are
 * remembered; the ones that failed longest ago are forgotten first. Safe for concurrent use.
 */
public final class Lockouts {

    static final int FAILURES = 10;
    static final int MAX_ADDRESSES = 10_000;
    static final Duration WINDOW = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private final int failures;
    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    private static final class Entry {
        private long since;
        private int count;
    }

    /** @param failures how many lock an address; 0 for never */
    public Lockouts(int failures) {
        this(failures, System::nanoTime);
    }

    Lockouts(int failures, LongSupplier nanoTime) {
        this.failures = failures;
        this.nanoTime = nanoTime;
    }

    /** Others as strict as these, who know of no failure yet. */
    Lockouts alike() {
        return new Lockouts(failures, nanoTime);
    }

    /** For how long an address is still locked, if it is. */
    public synchronized Optional<Duration> remaining(String address) {
        Entry entry = entries.get(network(address));
        if (entry == null || failures == 0 || entry.count < failures) {
            return Optional.empty();
        }
        long left = WINDOW.toNanos() - (nanoTime.getAsLong() - entry.since);
        return left > 0 ? Optional.of(Duration.ofNanos(left)) : Optional.empty();
    }

    /** A wrong credential came from an address. */
    public synchronized void failed(String address) {
        Entry entry = entries.computeIfAbsent(network(address), none -> new Entry());
        long now = nanoTime.getAsLong();
        if (entry.count == 0 || now - entry.since >= WINDOW.toNanos()) {
            entry.since = now;
            entry.count = 0;
        }
        entry.count++;
        if (entry.count == failures) {
            // The minute of the lock begins now.
            entry.since = now;
        }
        if (entries.size() > MAX_ADDRESSES) {
            entries.remove(entries.keySet().iterator().next());
        }
    }

    synchronized int size() {
        return entries.size();
    }

    private static String network(String address) {
        return HostLiteral.address(address)
                .map(literal -> {
                    byte[] bytes = literal.getAddress();
                    return bytes.length == 4
                            ? literal.getHostAddress()
                            : java.util.HexFormat.of().formatHex(bytes, 0, 8);
                })
                .orElse(address);
    }
}
