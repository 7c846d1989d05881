package dev.segno.trigger;

import dev.segno.run.StoreUnavailable;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of one schedule and of its fires, and written of them. Methods return when it is on disk. Used under the lock of
 * its schedule.
 */
final class ScheduleBook {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduleBook.class);

    private final String name;
    private final ScheduleStore store;
    private final Clock clock;
    private final Map<Instant, CompletableFuture<Fire>> callers = new HashMap<>();
    private @Nullable ScheduleState state;
    private boolean open;

    ScheduleBook(String name, ScheduleStore store, Clock clock) {
        this.name = name;
        this.store = store;
        this.clock = clock;
    }

    boolean isOpen() {
        return open;
    }

    /** It has to be opened again: the route is another one, or gone. */
    void close() {
        open = false;
    }

    /** What is known; empty before it was opened for the first time. */
    Optional<ScheduleState> known() {
        return Optional.ofNullable(state);
    }

    private ScheduleState state() {
        ScheduleState known = state;
        if (known == null) {
            throw new IllegalStateException("Schedule " + name + " was not opened");
        }
        return known;
    }

    /**
     * Reads what is known, and takes it up under the route as it is now.
     *
     * @return the fires that were open when the process ended or the route went away, and are to be fired
     */
    List<Fire> open(Schedule schedule, Instant now) {
        Optional<ScheduleState> found = store.find(name);
        ScheduleState next =
                found.map(before -> before.takenUp(schedule, now)).orElseGet(() -> ScheduleState.fresh(schedule, now));
        List<Fire> fires = store.open(name);
        if (found.isPresent() && found.get().wasAway(now)) {
            write(
                    next,
                    fires.stream()
                            .map(fire -> fire.became(Fire.Outcome.SKIPPED, null, "The schedule was removed", now))
                            .toList());
            fires = List.of();
        } else if (!found.equals(Optional.of(next))) {
            write(next, List.of());
        }
        state = next;
        open = true;
        return fires;
    }

    /** Accounts for all fire times up to now. Returns those that are to be fired. */
    List<Fire> account(Schedule schedule, Instant now) {
        List<Fire> fires = DueFires.of(schedule, state(), now);
        if (fires.isEmpty()) {
            return fires;
        }
        if (fires.size() == DueFires.MOST) {
            LOG.warn("Schedule {} has missed very many fires; the latest {} are looked at", name, fires.size());
        }
        write(state().accounted(fires.get(fires.size() - 1).at()), fires);
        return fires.stream().filter(fire -> fire.outcome().isOpen()).toList();
    }

    void pause(boolean pause) {
        if (state().paused() != pause) {
            write(state().withPaused(pause), List.of());
        }
    }

    /** The route is gone. Does not wait for the disk: a route that comes back is read behind it. */
    void retire() {
        close();
        ScheduleState known = state;
        if (known != null) {
            state = known.retired(clock.instant());
            store.save(state, List.of());
        }
    }

    /** A fire of this moment, which somebody asks for. */
    Fire addTriggered(Instant now) {
        Instant at = Instant.ofEpochMilli(now.toEpochMilli());
        while (!store.fires(name, at, at).isEmpty()) {
            at = at.plusMillis(1);
        }
        Fire fire = Fire.due(name, at, Fire.Kind.TRIGGERED, now);
        write(state(), List.of(fire));
        return fire;
    }

    /** Those of past fire times that have no run and are not about to get one. */
    List<Fire> addBackfilled(List<Instant> times, Instant now) {
        if (times.isEmpty()) {
            return List.of();
        }
        Set<Instant> done = new HashSet<>();
        for (Fire fire : store.fires(name, times.get(0), times.get(times.size() - 1))) {
            if (fire.outcome().isOpen() || fire.outcome() == Fire.Outcome.STARTED) {
                done.add(fire.at());
            }
        }
        List<Fire> fires = times.stream()
                .filter(time -> !done.contains(time))
                .map(time -> Fire.due(name, time, Fire.Kind.BACKFILLED, now))
                .toList();
        write(state(), fires);
        return fires;
    }

    /** Completes when it is told what became of a fire, or that it waits. */
    CompletableFuture<Fire> follow(Fire fire) {
        return callers.computeIfAbsent(fire.at(), at -> new CompletableFuture<>());
    }

    /** Writes what became of a fire, and tells it to whoever asked for it. */
    Fire tell(Fire fire, Fire.Outcome outcome, @Nullable String run, @Nullable String reason) {
        Fire told = fire.became(outcome, run, reason, clock.instant());
        if (outcome == Fire.Outcome.QUEUED) {
            // That it is due is on disk, which means the same after a restart.
            store.save(state(), List.of(told));
        } else if (outcome == Fire.Outcome.STARTED && run != null) {
            write(state().withLastRun(run), List.of(told));
        } else {
            write(state(), List.of(told));
        }
        CompletableFuture<Fire> caller = callers.remove(fire.at());
        if (caller != null) {
            caller.complete(told);
        }
        return told;
    }

    private void write(ScheduleState next, List<Fire> fires) {
        try {
            store.save(next, fires).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreUnavailable unavailable ? unavailable : e;
        }
        state = next;
    }
}
