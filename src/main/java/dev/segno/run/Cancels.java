package dev.segno.run;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels runs, wherever they stand when that is asked for: being started, under way, waiting, or on their way from the one
 * to the other. As long as a cancel is not done, a run that a signal or a timer brings back begins no step. Thread-safe.
 */
final class Cancels {
    private static final Logger LOG = LoggerFactory.getLogger(Cancels.class);

    private final Engine engine;
    private final Admissions admissions;
    private final Chains chains;

    /** How many cancel a run at the moment. */
    private final Map<String, Integer> cancelling = new ConcurrentHashMap<>();

    Cancels(Engine engine, Admissions admissions, Chains chains) {
        this.engine = engine;
        this.admissions = admissions;
        this.chains = chains;
    }

    /** As {@link Engine#cancel}. */
    CompletableFuture<RunResult> cancel(String runId) {
        cancelling.merge(runId, 1, Integer::sum);
        CompletableFuture<RunResult> cancelled;
        try {
            cancelled = cancelNow(runId);
        } catch (RuntimeException e) {
            done(runId);
            throw e;
        }
        return cancelled.whenComplete((result, error) -> done(runId));
    }

    private void done(String runId) {
        cancelling.computeIfPresent(runId, (id, count) -> count == 1 ? null : count - 1);
    }

    /** A run is under way again and has not yet begun a step. */
    void cameBack(Execution execution) {
        if (cancelling.containsKey(execution.id()) && !execution.sagas().cancel()) {
            LOG.debug("Run {} is being compensated and is not cancelled", execution.id());
        }
    }

    /** The parent of a run was cancelled. */
    void cancelChild(String runId) {
        if (!engine.store().chains().newestOf(runId).equals(runId)) {
            return; // the run in which it went on is a child of that parent too
        }
        try {
            cancel(runId).exceptionally(error -> {
                LOG.error("Run {}, whose parent was cancelled, could not be", runId, error);
                return new RunResult(runId, RunState.RUNNING, null, null);
            });
        } catch (RunConflict e) {
            LOG.debug("Run {} needs no cancelling: {}", runId, e.getMessage());
        }
    }

    private CompletableFuture<RunResult> cancelNow(String runId) {
        CompletableFuture<Void> start = engine.beingStarted(runId);
        if (start != null) {
            return start.thenComposeAsync(begun -> cancelNow(runId), engine::continueWith);
        }
        Execution execution = engine.live(runId).orElse(null);
        if (execution == null) {
            return cancelStored(runId);
        }
        if (!execution.sagas().cancel()) {
            throw new RunConflict("Run " + runId + " is being compensated and cannot be cancelled any more");
        }
        return execution.ended().thenCompose(this::cancelLeft);
    }

    /** A run that was told has left: it may have been about to stand or to wait, or somebody was faster in changing it. */
    private CompletableFuture<RunResult> cancelLeft(RunResult result) {
        RunState state = result.state();
        String fresh = result.next();
        if (fresh != null) {
            return cancelAgain(fresh);
        }
        if (Engine.isStanding(state) || state == RunState.WAITING) {
            return cancelStored(result.runId());
        }
        return state == RunState.RUNNING && !engine.isSuspended()
                ? cancelAgain(result.runId())
                : CompletableFuture.completedFuture(result);
    }

    private CompletableFuture<RunResult> cancelAgain(String runId) {
        return CompletableFuture.supplyAsync(() -> cancelNow(runId), engine::continueWith)
                .thenCompose(cancelled -> cancelled);
    }

    private CompletableFuture<RunResult> cancelStored(String runId) {
        Run run = engine.store().find(runId).orElseThrow(() -> new UnknownRun(runId));
        Optional<String> newest = chains.after(runId, run.state());
        if (newest.isPresent()) {
            return cancelNow(newest.get());
        }
        if (!run.state().canBecome(RunState.CANCELLED)) {
            throw new RunConflict("Run " + runId + " is " + run.state() + " and cannot be cancelled any more");
        }
        Optional<String> place =
                run.state() == RunState.RUNNING ? engine.store().limits().keyOf(runId) : Optional.empty();
        return engine.move(run, RunState.CANCELLED, run.error(), false)
                .thenCompose(changed -> {
                    RunResult result = new RunResult(runId, RunState.CANCELLED, null, run.error());
                    engine.tell(result, engine.store().parentOf(runId));
                    place.ifPresent(admissions::admit);
                    return awaitLate(result);
                })
                .exceptionallyCompose(error -> Engine.unwrap(error) instanceof RunConflict
                        // A signal or a timer was faster, and the run goes on: it is cancelled where it is now.
                        ? cancelAgain(runId)
                        : CompletableFuture.failedFuture(error));
    }

    /** A run that was resumed at the same time: nothing happens in it any more when its cancel is answered. */
    private CompletableFuture<RunResult> awaitLate(RunResult cancelled) {
        Execution late = engine.live(cancelled.runId()).orElse(null);
        if (late == null) {
            return CompletableFuture.completedFuture(cancelled);
        }
        late.stop(new Stop.Cancelled());
        return late.ended().handle((ended, error) -> cancelled);
    }
}
