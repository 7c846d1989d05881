package dev.segno.trigger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Where schedules and their fires are kept. Futures and reads behave as those of {@link dev.segno.run.RunStore}; times are
 * kept to the microsecond. Safe for use by many threads.
 */
public interface ScheduleStore {

    /** So many fires of a schedule are kept, the latest ones; those that are yet to fire are kept in any case. */
    int KEPT_FIRES = 1_000;

    /** Writes a schedule together with fires of it, each in place of what was known of it before. */
    CompletableFuture<Void> save(ScheduleState state, List<Fire> fires);

    /** What is known of a schedule; empty also when its row is damaged, which is reported. */
    Optional<ScheduleState> find(String name);

    /** All schedules that were ever known, by name. */
    List<ScheduleState> list();

    /** The fires of a schedule, latest first. */
    List<Fire> fires(String name, int limit);

    /** The fires of a schedule from one moment to another, both included, earliest first. */
    List<Fire> fires(String name, Instant from, Instant to);

    /** The fires of a schedule that are yet to fire, earliest first. */
    List<Fire> open(String name);

    /** Whether writes are being accepted at the moment. */
    boolean isWritable();
}
