package dev.segno.run;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often a step is tried and how long it rests in between: exponential back-off with proportional jitter.
 *
 * @param maxAttempts tries in all, at least 1
 * @param firstDelay  before the second try
 * @param multiplier  by which each further delay grows, at least 1
 * @param maxDelay    upper bound of a delay before jitter
 * @param jitter      share by which a delay is shortened or lengthened at random, 0 to 1
 */
public record RetryPolicy(int maxAttempts, Duration firstDelay, double multiplier, Duration maxDelay, double jitter) {

    /** One try, no more. */
    public static final RetryPolicy ONCE = new RetryPolicy(1, Duration.ZERO, 1, Duration.ZERO, 0);

    public RetryPolicy {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("maxAttempts must be at least 1, not " + maxAttempts);
        }
        if (firstDelay.isNegative() || maxDelay.isNegative()) {
            throw new IllegalArgumentException("A delay cannot be negative");
        }
        if (!(multiplier >= 1) || !(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("multiplier must be at least 1 and jitter between 0 and 1");
        }
    }

    /**
     * The rest after the given number of failures.
     *
     * @param failures at least 1
     */
    public Duration delayAfter(int failures, RandomGenerator random) {
        double millis = (double) firstDelay.toMillis() * Math.pow(multiplier, failures - 1.0);
        millis = Math.min(millis, (double) maxDelay.toMillis());
        if (jitter > 0) {
            millis *= 1 + jitter * (2 * random.nextDouble() - 1);
        }
        return Duration.ofMillis(Math.round(millis));
    }
}
