package dev.segno.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a run waits for, without a thread and without memory: a signal, the end of another run, or nothing but the time.
 *
 * @param key    address of the place in the run that waits; its record is made when the waiting is over
 * @param signal name of the signal that ends it; {@code null} for none
 * @param child  id of the run whose end ends it; {@code null} for none. Such a wait leaves no record: the step that
 *               started the child is tried again, and finds it ended
 * @param until  when the time is up; {@code null} for never
 * @param since  when it began
 */
public record Wait(
        StepKey key,
        @Nullable String signal,
        @Nullable String child,
        @Nullable Instant until,
        Instant since) {}
