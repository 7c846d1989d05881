package dev.segno.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A step that is under way at this moment.
 *
 * @param key          which one
 * @param attempt      number of the attempt that is being made, or that failed last
 * @param startedAt    when that attempt began
 * @param nextAttempt  when the next one begins; {@code null} while one is being made
 */
public record LiveStep(
        StepKey key,
        int attempt,
        Instant startedAt,
        @Nullable Instant nextAttempt) {}
