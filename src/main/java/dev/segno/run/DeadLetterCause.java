package dev.segno.run;

import java.time.Instant;

/**
 * Parked and blocked runs that say exactly the same.
 *
 * @param orchestration theirs
 * @param error         theirs; its step may be {@code null}
 * @param count         how many there are
 * @param oldest        when the first of them came to stand
 * @param newest        when the last of them came to stand
 * @param firstId       smallest id among them
 * @param lastId        greatest id among them
 */
public record DeadLetterCause(
        String orchestration,
        StepError error,
        long count,
        Instant oldest,
        Instant newest,
        String firstId,
        String lastId) {}
