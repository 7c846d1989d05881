package dev.segno.run;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/** Who is told what happens to runs: observers of all, and followers of one. Thread-safe. */
final class RunAudience {

    private final Executor executor;
    private final Map<String, Set<Runnable>> followers = new ConcurrentHashMap<>();
    private final List<RunObserver> observers = new CopyOnWriteArrayList<>();

    /** @param executor on which followers are called */
    RunAudience(Executor executor) {
        this.executor = executor;
    }

    AutoCloseable follow(String runId, Runnable onChange) {
        followers.compute(runId, (id, all) -> {
            Set<Runnable> set = all == null ? ConcurrentHashMap.newKeySet() : all;
            set.add(onChange);
            return set;
        });
        return () -> followers.computeIfPresent(runId, (id, all) -> {
            all.remove(onChange);
            return all.isEmpty() ? null : all;
        });
    }

    int followers() {
        return followers.values().stream().mapToInt(Set::size).sum();
    }

    void observe(RunObserver observer) {
        observers.add(observer);
    }

    /** A run has changed on disk, or its attributes have changed. */
    void changed(String runId) {
        if (!followers.isEmpty()) {
            Set<Runnable> all = followers.get(runId);
            if (all != null) {
                all.forEach(executor::execute);
            }
        }
    }

    void started(NewRun run) {
        observers.forEach(observer -> observer.started(run));
    }

    void tried(Run run, StepKey step, Instant startedAt, Instant endedAt, boolean failed) {
        observers.forEach(observer -> observer.tried(run, step, startedAt, endedAt, failed));
    }

    /** A run has come to a state; observers hear of those in which it has ended or stands. */
    void ended(Run run, RunState state, Instant now) {
        if (state.isFinal() || Engine.isStanding(state)) {
            observers.forEach(observer -> observer.ended(run, state, now));
        }
    }
}
