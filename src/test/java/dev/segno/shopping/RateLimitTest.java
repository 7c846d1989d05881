package dev.segno.shopping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.run.SettableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RateLimitTest {

    private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));

    @Test
    void theThirdOfTwoInAMinuteWaitsUntilTheFirstIsAMinuteOld() {
        RateLimit limit = new RateLimit(2, clock);
        assertThat(limit.take("a")).isEmpty();
        clock.advance(Duration.ofSeconds(20));
        assertThat(limit.take("a")).isEmpty();
        assertThat(limit.take("a")).contains(Duration.ofSeconds(40));
        assertThat(limit.take("b")).isEmpty();
        clock.advance(Duration.ofSeconds(40));
        assertThat(limit.take("a")).isEmpty();
        assertThat(limit.take("a")).contains(Duration.ofSeconds(20));
    }

    @Test
    void zeroIsNoLimit() {
        RateLimit limit = new RateLimit(0, clock);
        for (int i = 0; i < 100; i++) {
            assertThat(limit.take("a")).isEmpty();
        }
    }
}
