package dev.segno.redis;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a stream is read.
 *
 * @param stream        its key
 * @param group         consumer group, made where it is missing
 * @param consumer      name of this node in the group; the same after a restart, so that it finds what it had in hand
 * @param batch         entries in hand at a time, 1 to 1,000; the next are read when these are settled
 * @param maxDeliveries an entry that was handed out so often without coming to an end is refused; from 1
 * @param claimIdle     after so long what another consumer has in hand is taken over
 * @param retryDelay    rest before an entry that failed is tried again; doubles each time up to a minute
 * @param trim          how many entries stay that all groups are done with; null: all
 * @param deadLetter    stream that gets a copy of what is refused; null: none
 */
public record StreamOptions(
        String stream,
        String group,
        String consumer,
        int batch,
        int maxDeliveries,
        Duration claimIdle,
        Duration retryDelay,
        @Nullable Long trim,
        @Nullable String deadLetter) {

    public static final int DEFAULT_BATCH = 50;
    public static final int MAX_BATCH = 1_000;
    public static final int DEFAULT_MAX_DELIVERIES = 10;
    public static final Duration DEFAULT_CLAIM_IDLE = Duration.ofMinutes(1);
    public static final Duration DEFAULT_RETRY_DELAY = Duration.ofSeconds(1);

    private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

    /** The usual options. */
    public StreamOptions(String stream, String group, String consumer) {
        this(
                stream,
                group,
                consumer,
                DEFAULT_BATCH,
                DEFAULT_MAX_DELIVERIES,
                DEFAULT_CLAIM_IDLE,
                DEFAULT_RETRY_DELAY,
                null,
                null);
    }

    /** How long an entry rests after its n-th delivery. */
    Duration rest(long deliveries) {
        long shift = Math.min(Math.max(deliveries - 1, 0), 20);
        Duration rest = retryDelay.multipliedBy(1L << shift);
        return rest.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : rest;
    }

    /** The stream and the group, which no two readers of a node share. */
    String name() {
        return stream + " (group " + group + ')';
    }
}
