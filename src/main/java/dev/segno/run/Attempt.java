package dev.segno.run;

import java.time.Instant;

/**
 * One failed try of a step. The attempt that ended a step well is in its {@link StepRecord}.
 *
 * @param key       the step
 * @param number    from 1, going on across restarts and manual retries
 * @param retry     number of the run's manual retry under which it was made, from 0; each grants the tries anew
 * @param startedAt when it began
 * @param endedAt   when it failed
 * @param error     why
 */
public record Attempt(StepKey key, int number, int retry, Instant startedAt, Instant endedAt, StepError error) {}
