package dev.segno.run;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a run notes so that it can be undone, and whether it is being undone. A cancel and the begin of that exclude each
 * other. Thread-safe.
 */
public final class RunSagas {

    private final Execution execution;
    private final Engine engine;

    // Guarded by this.
    private boolean compensating;
    private boolean begun;
    private boolean failed;
    private @Nullable StepError cause;

    RunSagas(Execution execution, Engine engine, Run run) {
        this.execution = execution;
        this.engine = engine;
        this.compensating = run.state() == RunState.COMPENSATING;
        this.cause = run.error();
    }

    /**
     * Notes how to undo what comes next. {@code done} is called exactly once, with {@link StepEnd.Replayed} as soon as
     * that is on record.
     *
     * @param options gives the options of the compensation as a JSON object; not asked when they are on record
     */
    public void register(StepCall call, Supplier<String> options, Consumer<StepEnd> done) {
        execution.visit(call, StepRecord.Kind.SAGA, done, left -> {
            Instant now = engine.now();
            StepRecord record;
            try {
                record = new StepRecord(call.key(), 1, now, now, new StepRecord.Registered(options.get()));
            } catch (RuntimeException e) {
                left.accept(new StepEnd.Failed(e));
                return;
            }
            execution.write(call, record, new StepEnd.Replayed(record), left);
        });
    }

    /**
     * A saga has failed. Completes with whether it is to be undone now: not when the run is to be parked where it failed, or
     * goes no further. Then the failure is history, and the run is {@link RunState#COMPENSATING}, on disk.
     *
     * @param inTry whether the route may handle the failure and go on behind the saga; the run stays as it is then
     */
    public CompletableFuture<Boolean> begin(Throwable failure, boolean inTry) {
        synchronized (this) {
            if (execution.isStopped()) {
                return CompletableFuture.completedFuture(false);
            }
            if (inTry || compensating) {
                begun = true;
                return CompletableFuture.completedFuture(true);
            }
            if (!execution.isUndoneOnFailure()) {
                return CompletableFuture.completedFuture(false);
            }
            begun = true;
            compensating = true;
            cause = execution.errorOf(failure);
        }
        if (execution.isRehearsal()) {
            return CompletableFuture.completedFuture(true);
        }
        engine.failpoints().pass(Failpoint.SAGA_BEFORE_COMPENSATION);
        return engine.store()
                .change(execution.changeTo(RunState.COMPENSATING, execution.takeHandled(), null, cause()))
                .handleAsync(this::written, engine::continueWith);
    }

    private boolean written(@Nullable Boolean applied, @Nullable Throwable error) {
        if (error != null) {
            execution.stopBecauseUnrecorded(error, end -> {});
            return false;
        }
        if (!Boolean.TRUE.equals(applied)) {
            execution.stop(Stop.CHANGED_BY_OTHERS);
            return false;
        }
        engine.failpoints().pass(Failpoint.SAGA_AFTER_BEGIN);
        execution.changed();
        engine.changed(execution.id());
        return true;
    }

    /** A compensation has used up its tries. */
    public synchronized void failed() {
        failed = true;
    }

    /** Cancels the run unless it is being undone; whether it did. */
    synchronized boolean cancel() {
        if (compensating) {
            return false;
        }
        execution.stop(new Stop.Cancelled());
        return true;
    }

    synchronized boolean isCompensating() {
        return compensating;
    }

    /** Whether a compensation used up its tries. */
    synchronized boolean hasFailed() {
        return failed;
    }

    /** Why the run is being undone. */
    synchronized @Nullable StepError cause() {
        return cause;
    }

    /**
     * What is wrong with a step that is about to be tried; null if nothing is. A run that is being undone fails again as it
     * did, and does not go on behind that.
     */
    synchronized @Nullable String objectionTo(StepCall call) {
        String path = call.key().path();
        boolean goesOn = compensating
                && !begun
                && call.sequentialScope().isEmpty()
                && !Scopes.isOfCompensation(path)
                && !Scopes.isOfHandler(path);
        return goesOn
                ? "The run is being undone, and its replay came to step '" + path
                        + "', which has no record: the route did not fail again as it did. Nothing was executed."
                : null;
    }

    /** What is wrong with the end of a run that is being undone; null if nothing is. */
    synchronized @Nullable String objectionToEnd() {
        return compensating && !begun
                ? "The run was to be undone, and no saga of its route failed again as it did. Nothing was undone."
                : null;
    }
}
