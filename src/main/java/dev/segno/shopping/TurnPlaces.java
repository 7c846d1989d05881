package dev.segno.shopping;

import dev.segno.run.NewRun;
import dev.segno.run.Run;
import dev.segno.run.RunObserver;
import dev.segno.run.RunState;
import dev.segno.run.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * At most so many turns go on at once. A message that comes then waits for a place, those that came first first; a turn that
 * waits for an answer holds none. Counted in memory: turns of before a restart go on without a place until they are answered.
 * Safe for use by many threads.
 */
final class TurnPlaces implements RunObserver {

    private final int most;
    private final Scheduler scheduler;
    private final Executor executor;
    private final Set<String> turns = new HashSet<>();
    /** Those who wait, by their numbers in the line. */
    private final NavigableMap<Long, CompletableFuture<Boolean>> waiting = new TreeMap<>();

    private long numbers;
    private int promised;

    /**
     * @param most      at least 1
     * @param executor  on which those go on that have got a place; must not run its tasks on the calling thread
     */
    TurnPlaces(int most, Scheduler scheduler, Executor executor) {
        this.most = most;
        this.scheduler = scheduler;
        this.executor = executor;
    }

    /**
     * Takes a place, which has to be given back by {@link #giveBack}, also when a turn has begun in it, or handed over by {@link
     * #handOver}.
     *
     * @return false when there was none in that time
     */
    CompletableFuture<Boolean> take(Duration atMost) {
        CompletableFuture<Boolean> place = new CompletableFuture<>();
        long number;
        synchronized (this) {
            if (waiting.isEmpty() && count() < most) {
                promised++;
                return CompletableFuture.completedFuture(true);
            }
            if (atMost.isZero()) {
                return CompletableFuture.completedFuture(false);
            }
            number = numbers++;
            waiting.put(number, place);
        }
        scheduler.after(atMost, () -> giveUp(number));
        return place;
    }

    synchronized void giveBack() {
        promised--;
        fill();
    }

    /**
     * A turn that rests goes on: the place that was taken is its own from now until it ends or asks back.
     *
     * @return false when it has one already; the other is still to be given back
     */
    synchronized boolean handOver(String runId) {
        boolean rested = turns.add(runId);
        if (rested) {
            promised--;
        }
        return rested;
    }

    /** The turn of a run begins: it has a place from now until it ends or asks back. */
    synchronized void goesOn(String runId) {
        turns.add(runId);
    }

    /** The turn of a run does not go on for now. */
    synchronized void rests(String runId) {
        if (turns.remove(runId)) {
            fill();
        }
    }

    synchronized int count() {
        return turns.size() + promised;
    }

    int most() {
        return most;
    }

    private void fill() {
        while (!waiting.isEmpty() && count() < most) {
            promised++;
            CompletableFuture<Boolean> next = waiting.pollFirstEntry().getValue();
            executor.execute(() -> next.complete(true));
        }
    }

    private void giveUp(long number) {
        CompletableFuture<Boolean> place;
        synchronized (this) {
            place = waiting.remove(number);
        }
        if (place != null) {
            place.complete(false);
        }
    }

    @Override
    public void started(NewRun run) {
        if (run.orchestration().equals(Turns.ORCHESTRATION)) {
            goesOn(run.id());
        }
    }

    @Override
    public void ended(Run run, RunState state, Instant at) {
        rests(run.id());
    }
}
