package dev.segno.run;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of the runs queued under a key.
 *
 * @param runIds those that are {@link RunState#RUNNING} now
 * @param next   when the next of them may begin, if only the rate is in its way; {@code null} otherwise
 */
public record Admitted(List<String> runIds, @Nullable Instant next) {}
