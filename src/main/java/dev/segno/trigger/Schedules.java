package dev.segno.trigger;

import dev.segno.run.Engine;
import dev.segno.run.Scheduler;
import dev.segno.run.StoreUnavailable;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schedules of this node. Those that are registered fire from {@link #begin} on.
 *
 * <p>Safe for use by many threads. What changes a schedule waits until the change is on disk, and throws
 * {@link UnknownSchedule} when there is none of that name, {@link StoreUnavailable} when it cannot be written.
 */
public final class Schedules implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);

    private final Parts parts;
    private final Map<String, LiveSchedule> schedules = new ConcurrentSkipListMap<>();
    private volatile boolean begun;
    private volatile boolean closed;

    /**
     * What schedules are made of.
     *
     * @param scheduler wakes them; its delays may be longer or shorter than the clock's
     * @param executor  on which they work; must not run its tasks on the calling thread
     */
    public record Parts(ScheduleStore store, Engine engine, Clock clock, Scheduler scheduler, Executor executor) {}

    public Schedules(Parts parts) {
        this.parts = parts;
    }

    /** A schedule's route, as long as it is there. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {

        /** The route goes away: the schedule stops firing unless another registration has replaced this one. */
        @Override
        void close();
    }

    /**
     * Adds a schedule. Another one of the same name and owner replaces the one before, without a gap and without a fire
     * that counts twice.
     *
     * @param owner  tells a new version of a route from another route
     * @param target what is fired
     * @throws IllegalArgumentException when another owner has a schedule of that name
     */
    public Registration register(Schedule schedule, String owner, FireTarget target) {
        LiveSchedule live = schedules.computeIfAbsent(schedule.name(), name -> new LiveSchedule(name, parts));
        LiveSchedule.Route route = new LiveSchedule.Route(schedule, owner, target);
        live.add(route);
        if (begun) {
            parts.executor().execute(live::begin);
        }
        return () -> {
            if (!closed) {
                live.remove(route);
            }
        };
    }

    /** Lets the schedules fire. To be called when all orchestrations are loaded. */
    public void begin() {
        begun = true;
        schedules.values().forEach(live -> parts.executor().execute(live::begin));
        parts.executor().execute(this::retireVanished);
    }

    /** Those whose routes went away while the program was down. */
    private void retireVanished() {
        try {
            for (ScheduleState state : parts.store().list()) {
                if (state.retiredAt() == null && !schedules.containsKey(state.name())) {
                    parts.store().save(state.retired(parts.clock().instant()), List.of());
                }
            }
        } catch (StoreUnavailable e) {
            LOG.warn("Schedules of removed routes could not be looked for: {}", e.getMessage());
        }
    }

    /** All schedules by name, with their next fire and their last one. */
    public List<ScheduleView> list() {
        return schedules.values().stream()
                .flatMap(live -> live.view(1, 1).stream())
                .toList();
    }

    /** A schedule with so many of its next and last fires; empty when there is none of that name. */
    public Optional<ScheduleView> find(String name, int next, int last) {
        LiveSchedule live = schedules.get(name);
        return live == null ? Optional.empty() : live.view(next, last);
    }

    /** Skips all fires from now on; those that wait for a run to end still fire. */
    public void pause(String name) {
        live(name).pause(true);
    }

    /** Fires again from now on. What fell due meanwhile was skipped on purpose; {@link #backfill} makes up for it. */
    public void resume(String name) {
        live(name).pause(false);
    }

    /**
     * Fires at once, also a paused schedule. Completes with the fire when it is known what became of it, or that it waits.
     */
    public CompletableFuture<Fire> trigger(String name) {
        return live(name).trigger();
    }

    /**
     * Fires the fire times from one moment to another, both included, that have not started a run: one after another, each
     * when the run before has ended.
     *
     * @throws IllegalArgumentException when the time is empty, lies ahead, or holds more than {@link Backfill#MOST} fires
     */
    public Backfill backfill(String name, Instant from, Instant to) {
        return live(name).backfill(from, to);
    }

    private LiveSchedule live(String name) {
        LiveSchedule live = schedules.get(name);
        if (live == null || !live.isThere()) {
            throw new UnknownSchedule(name);
        }
        return live;
    }

    /** Fires nothing more. Fires that are under way are found again at the next start. */
    @Override
    public void close() {
        closed = true;
        schedules.values().forEach(LiveSchedule::stop);
    }
}
