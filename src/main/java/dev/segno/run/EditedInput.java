package dev.segno.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Input that somebody has changed. Components as in {@link Edit}.
 */
public record EditedInput(
        Payload.@Nullable Inline body, @Nullable String variables) {

    Edit of(StepKey key, int retry, Instant at) {
        return new Edit(key, retry, body, variables, at);
    }
}
