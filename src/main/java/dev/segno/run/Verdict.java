package dev.segno.run;

import java.time.Duration;
import java.util.Optional;

/**
 * What a failure says about another try.
 *
 * @param retryable whether another try can help
 * @param retryAfter how long the peer asked us to wait before it
 */
public record Verdict(boolean retryable, Optional<Duration> retryAfter) {

    public static final Verdict RETRY = new Verdict(true, Optional.empty());
    public static final Verdict NEVER = new Verdict(false, Optional.empty());
}
