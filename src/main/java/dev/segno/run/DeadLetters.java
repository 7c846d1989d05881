package dev.segno.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What people do with runs that stand: retry, retry with edited input, retry on the newest version, give up. And with
 * those in any state: fork. History is never rewritten. Thread-safe; blocks on reads of the store.
 */
public final class DeadLetters {

    private final Engine engine;
    private final RunStore store;

    DeadLetters(Engine engine) {
        this.engine = engine;
        this.store = engine.store();
    }

    /**
     * Retries a parked or blocked run from its first step without a record, with the tries granted anew. Completes when
     * that is on disk.
     *
     * @throws UnknownRun    if there is none
     * @throws RunConflict   if it does not stand, if another run of its singleton is under way, or if there is an edit and
     *                       no failed step that it could be for
     * @throws ReplayDiffers if its journal does not fit the newest version
     */
    public CompletableFuture<Void> retry(RetryRequest request) {
        Run run = standing(request.runId());
        EditedInput input = request.edit();
        int retry = run.retries() + 1;
        Edit edit = input == null ? null : input.of(failedStep(run), retry, engine.now());
        Optional<Orchestration> newest = request.newest() ? Optional.of(newest(run)) : Optional.empty();
        if (newest.isEmpty() || newest.get().version().equals(run.version())) {
            return retry(run, edit, null);
        }
        String version = newest.get().version();
        Repin repin = new Repin(retry, run.version(), version, engine.now());
        return rehearse(run, newest.get(), edit)
                .thenComposeAsync(
                        rehearsal -> {
                            if (!rehearsal.fits()) {
                                throw new ReplayDiffers(run.id(), rehearsal);
                            }
                            return retry(run, edit, repin);
                        },
                        engine::continueWith);
    }

    private CompletableFuture<Void> retry(Run run, @Nullable Edit edit, @Nullable Repin repin) {
        ManualRetry retry = new ManualRetry(run.id(), run.revision(), edit, repin, engine.now());
        return store.deadLetters().retry(retry).thenAccept(applied -> {
            if (!applied) {
                throw new RunConflict("Run " + run.id() + " was changed meanwhile, or another run of '"
                        + run.orchestration() + "' is under way; look at it again");
            }
            engine.goOn(run.id());
        });
    }

    /**
     * What {@link #retry} would come to: replays the journal without executing or writing anything.
     *
     * @throws UnknownRun  if there is none
     * @throws RunConflict if it does not stand, or its version cannot be had
     */
    public CompletableFuture<Rehearsal> rehearse(RetryRequest request) {
        Run run = standing(request.runId());
        EditedInput input = request.edit();
        Edit edit = input == null ? null : input.of(failedStep(run), run.retries() + 1, engine.now());
        return rehearse(run, request.newest() ? newest(run) : own(run), edit);
    }

    private CompletableFuture<Rehearsal> rehearse(Run run, Orchestration orchestration, @Nullable Edit edit) {
        List<Edit> edits = new ArrayList<>(store.deadLetters().edits(run.id()));
        if (edit != null) {
            edits.add(edit);
        }
        return Execution.rehearse(
                engine,
                run.retriedOn(orchestration.version()),
                orchestration,
                store.journal(run.id()),
                new Edits(edits));
    }

    /**
     * Ends a parked or blocked run as failed; its error stays. Completes when that is on disk.
     *
     * @throws UnknownRun  if there is none
     * @throws RunConflict if it does not stand
     */
    public CompletableFuture<Void> giveUp(String runId) {
        Run run = standing(runId);
        RunState next = afterGivingUp(run);
        RunResult result = new RunResult(runId, next, null, run.error());
        return engine.move(run, next, run.error(), false)
                .thenRun(() -> engine.continueWith(() -> engine.tell(result, store.parentOf(runId))));
    }

    /** The one place that decides what a run becomes that nobody wants to retry: with work to undo it is compensated. */
    private static RunState afterGivingUp(Run run) {
        if (!run.state().canBecome(RunState.FAILED)) {
            throw new RunConflict("Run " + run.id() + " is " + run.state() + " and cannot be given up");
        }
        return RunState.FAILED;
    }

    /**
     * Starts a run that shares another one's journal up to a step. Completes with its id when it is on disk.
     *
     * @throws UnknownRun    if there is no such run
     * @throws UnknownStep   if the run has not come to such a step
     * @throws RunConflict   if an await is to be edited, or the version cannot be had; the future fails with it if another
     *                       run of the singleton is under way
     * @throws ReplayDiffers if the journal does not fit the newest version
     */
    public CompletableFuture<String> fork(ForkRequest request) {
        engine.requireRunning();
        Run origin = store.find(request.runId()).orElseThrow(() -> new UnknownRun(request.runId()));
        Orchestration orchestration = request.newest() ? newest(origin) : own(origin);
        Forking forking = new Forking(engine, origin, orchestration, request);
        if (orchestration.version().equals(origin.version())) {
            return forking.start();
        }
        return forking.rehearse()
                .thenComposeAsync(
                        rehearsal -> {
                            if (!rehearsal.fits()) {
                                throw new ReplayDiffers(origin.id(), rehearsal);
                            }
                            return forking.start();
                        },
                        engine::continueWith);
    }

    private Run standing(String runId) {
        Run run = store.find(runId).orElseThrow(() -> new UnknownRun(runId));
        if (!Engine.isStanding(run.state())) {
            throw new RunConflict("Run " + runId + " is " + run.state()
                    + "; only a PARKED or BLOCKED run can be retried or given up");
        }
        return run;
    }

    private static StepKey failedStep(Run run) {
        StepError error = run.error();
        if (error == null || error.step() == null) {
            throw new RunConflict(
                    "Run " + run.id() + " does not stand at a step, so there is no input to edit; retry it"
                            + " as it is, or fork it from a step with edited input");
        }
        return new StepKey(error.step());
    }

    private Orchestration newest(Run run) {
        return engine.orchestrations()
                .current(run.orchestration())
                .orElseThrow(() -> new RunConflict("There is no orchestration '" + run.orchestration()
                        + "' any more, so there is no newest version of it; use the version of the run"));
    }

    private Orchestration own(Run run) {
        try {
            return engine.orchestrations().version(run.orchestration(), run.version());
        } catch (Orchestrations.UnknownVersion e) {
            throw new RunConflict(String.valueOf(e.getMessage()));
        }
    }
}
