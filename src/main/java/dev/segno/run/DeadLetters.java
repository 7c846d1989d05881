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
        if (isUndoing(run)) {
            if (input != null || request.newest()) {
                throw isRetriedAsItIs(run);
            }
            return engine.move(run, RunState.COMPENSATING, run.error(), true).thenRun(() -> engine.goOn(run.id()));
        }
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
        if (isUndoing(run)) {
            throw isRetriedAsItIs(run);
        }
        EditedInput input = request.edit();
        Edit edit = input == null ? null : input.of(failedStep(run), run.retries() + 1, engine.now());
        return rehearse(run, request.newest() ? newest(run) : own(run), edit);
    }

    private static RunConflict isRetriedAsItIs(Run run) {
        return new RunConflict("Run " + run.id() + " stands at a compensation, which is retried as it is");
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
     * Undoes the sagas of a parked run, instead of trying again the step at which it stands. Completes when that is on
     * disk.
     *
     * @throws UnknownRun  if there is none
     * @throws RunConflict if it is not parked, or has noted nothing that could be undone
     */
    public CompletableFuture<Void> compensate(String runId) {
        Run run = store.find(runId).orElseThrow(() -> new UnknownRun(runId));
        if (run.state() != RunState.PARKED) {
            throw new RunConflict("Run " + runId + " is " + run.state() + "; only a PARKED run can be compensated");
        }
        List<StepRecord> journal = store.journal(runId);
        if (!hasSaga(journal)) {
            throw new RunConflict("Run " + runId + " has noted no compensation; give it up instead");
        }
        List<StepRecord> failed = failureOf(run, journal).stream().toList();
        StateChange change = new StateChange(
                runId, run.revision(), RunState.COMPENSATING, failed, null, run.error(), null, false, engine.now());
        return engine.change(run, change).thenRun(() -> engine.goOn(runId));
    }

    /** The failure at which a run stands as history: it will replay, and not be tried again. */
    private Optional<StepRecord> failureOf(Run run, List<StepRecord> journal) {
        StepError error = run.error();
        String step = error == null ? null : error.step();
        if (step == null
                || journal.stream().anyMatch(record -> record.key().path().equals(step))) {
            return Optional.empty();
        }
        StepKey failed = new StepKey(step);
        // The last one is that of the outermost step around it that failed with it, and stands for it in a replay.
        return store.attempts(run.id()).stream()
                .filter(attempt -> attempt.key().equals(failed)
                        || failed.isWithin(attempt.key().path()))
                .reduce((earlier, later) -> later)
                .map(last -> new StepRecord(
                        last.key(),
                        last.number(),
                        last.startedAt(),
                        last.endedAt(),
                        new StepRecord.HandledFailure(last.error(), null, last.retry())));
    }

    private static boolean hasSaga(List<StepRecord> journal) {
        return journal.stream().anyMatch(record -> record.kind() == StepRecord.Kind.SAGA);
    }

    /** Whether it stands at a compensation that used up its tries. */
    private static boolean isUndoing(Run run) {
        return run.error() != null && Scopes.isOfCompensation(run.error().step());
    }

    /**
     * Ends a parked or blocked run as failed; its error stays. One that has sagas to undo is compensated instead, unless
     * it stands at a compensation. Completes when that is on disk.
     *
     * @throws UnknownRun  if there is none
     * @throws RunConflict if it does not stand
     */
    public CompletableFuture<Void> giveUp(String runId) {
        Run run = standing(runId);
        if (!run.state().canBecome(RunState.FAILED)) {
            throw new RunConflict("Run " + runId + " is " + run.state() + " and cannot be given up");
        }
        if (run.state() == RunState.PARKED && !isUndoing(run) && hasSaga(store.journal(runId))) {
            return compensate(runId);
        }
        RunResult result = new RunResult(runId, RunState.FAILED, null, run.error());
        return engine.move(run, RunState.FAILED, run.error(), false)
                .thenRun(() -> engine.continueWith(() -> engine.tell(result, store.parentOf(runId))));
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
