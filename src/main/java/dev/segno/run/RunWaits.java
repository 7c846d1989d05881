package dev.segno.run;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The places at which a run waits: as a whole, on disk, and with no memory of it left. Thread-safe. */
public final class RunWaits {

    private final Execution execution;
    private final Engine engine;

    RunWaits(Execution execution, Engine engine) {
        this.execution = execution;
        this.engine = engine;
    }

    /**
     * Comes to a place where the run waits. {@code done} is called exactly once: at once when the wait is over, else
     * with {@link StepEnd.Stopped} as soon as the waiting is on disk: the exchange ends then, and the run comes here again
     * when it goes on.
     *
     * @param signal name of the signal that ends the wait; {@code null} for none
     * @param atMost how long it waits; {@code null} for as long as it takes
     */
    public void await(StepCall call, @Nullable String signal, @Nullable Duration atMost, Consumer<StepEnd> done) {
        execution.visit(call, StepRecord.Kind.AWAIT, done, left -> {
            Instant now = engine.now();
            execution.saveAttributes();
            Instant until = earlier(atMost == null ? null : now.plus(atMost), execution.deadline());
            begin(new Wait(call.key(), signal, null, until, now), left);
        });
    }

    /** A wait ends with the deadline of its run, as if its own time were up; the next step fails then. */
    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? one : other;
    }

    private void begin(Wait wait, Consumer<StepEnd> done) {
        engine.store()
                .await(execution.id(), execution.revision(), wait)
                .whenComplete((outcome, error) -> engine.continueWith(() -> {
                    if (error != null) {
                        execution.stopBecauseUnrecorded(error, done);
                    } else if (outcome instanceof WaitOutcome.Arrived arrived) {
                        engine.changed(execution.id());
                        done.accept(new StepEnd.Replayed(arrived.record()));
                    } else {
                        stop(outcome, wait);
                        done.accept(new StepEnd.Stopped());
                    }
                }));
    }

    /**
     * The step around waits for the end of a run that it has started. Completes with {@code true} when the run goes no
     * further now, because the waiting is on disk: the step is tried again when that run has ended. Completes with
     * {@code false} when it has ended already.
     *
     * @param step in which the exchange stands
     */
    public CompletableFuture<Boolean> awaitRun(StepKey step, String child) {
        if (execution.isStopped()) {
            return CompletableFuture.completedFuture(true);
        }
        Wait wait = new Wait(step, null, child, execution.deadline(), engine.now());
        return engine.store()
                .await(execution.id(), execution.revision(), wait)
                .thenApplyAsync(
                        outcome -> {
                            if (outcome instanceof WaitOutcome.Ended) {
                                return false;
                            }
                            stop(outcome, wait);
                            return true;
                        },
                        engine::continueWith);
    }

    private void stop(WaitOutcome outcome, Wait wait) {
        if (outcome instanceof WaitOutcome.Waiting) {
            engine.failpoints().pass(Failpoint.WAIT_AFTER_BEGIN);
            execution.changed();
            engine.waits(wait);
            execution.stop(new Stop.Waiting());
        } else {
            execution.stop(Stop.CHANGED_BY_OTHERS);
        }
    }
}
