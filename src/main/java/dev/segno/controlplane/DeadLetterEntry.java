package dev.segno.controlplane;

import dev.segno.run.Run;
import dev.segno.trace.FailedCall;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A parked run as an entry of the dead letters. How often it was retried and when it was parked are in its row, so what
 * follows from them survives a restart.
 */
record DeadLetterEntry(Run run) {

    static final int MAX_RETRIES = 3;

    private static final String PREFIX = "dlq-";
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofMinutes(5);
    private static final int MOST_DOUBLINGS = 9;

    /** The same as long as the run stands, and when it comes to stand again. */
    String id() {
        return PREFIX + run.id();
    }

    /** The run that an id is about, whether there is one or not. */
    static String runOf(String id) {
        return id.startsWith(PREFIX) ? id.substring(PREFIX.length()) : id;
    }

    /** When it failed last. */
    Instant failedAt() {
        Instant endedAt = run.endedAt();
        return endedAt == null ? run.updatedAt() : endedAt;
    }

    int retries() {
        return run.retries();
    }

    boolean isExhausted(int maxRetries) {
        return retries() >= maxRetries;
    }

    /** When it is retried by itself: 1 s, 2 s, 4 s… after it failed, 300 s at most. */
    Instant nextRetryAt() {
        Duration pause = retries() >= MOST_DOUBLINGS ? MOST : FIRST.multipliedBy(1L << retries());
        return failedAt().plus(pause);
    }

    /** The service whose call failed, or this one. */
    String service() {
        return run.error() == null
                ? Product.SERVICE
                : FailedCall.of(run.error().message()).map(FailedCall::service).orElse(Product.SERVICE);
    }

    @Nullable
    String step() {
        return run.error() == null ? null : run.error().step();
    }
}
