package dev.segno.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a run whose route goes no further: decides its state and writes it, with what is not on disk yet. */
final class RunEnding {
    private static final Logger LOG = LoggerFactory.getLogger(RunEnding.class);

    private final Execution execution;
    private final Engine engine;
    private final Orchestration orchestration;
    private final CompletableFuture<Rehearsal> rehearsed;

    /** @param rehearsed completed instead of anything being written, when the execution is a rehearsal */
    RunEnding(Execution execution, Engine engine, Orchestration orchestration, CompletableFuture<Rehearsal> rehearsed) {
        this.execution = execution;
        this.engine = engine;
        this.orchestration = orchestration;
        this.rehearsed = rehearsed;
    }

    /** How a run ends, or where it stands still. */
    private record Outcome(RunState state, @Nullable StepError error) {

        static Outcome blocked(String difference) {
            return new Outcome(RunState.BLOCKED, new StepError("Blocked", difference, null));
        }
    }

    /**
     * The route has come to its end, has failed, or was stopped.
     *
     * @param failure what the route did not handle; null when it came to its end
     * @param output  what it has left; null when it failed
     */
    void end(@Nullable Throwable failure, @Nullable Payload output) {
        Stop reason = execution.stopReason();
        if (execution.isRehearsal()) {
            StepError error = failure == null || reason instanceof Stop.WentOn ? null : execution.errorOf(failure);
            rehearsed.complete(Rehearsal.of(orchestration.version(), reason, error, execution.leftOver()));
        } else if (reason instanceof Stop.Waiting) {
            leaveAs(RunState.WAITING);
        } else if (reason instanceof Stop.Suspended suspended) {
            LOG.info("Run {} is suspended: {}", execution.id(), suspended.why());
            writeWhatIsDone(() -> leaveAs(RunState.RUNNING));
        } else if (reason instanceof Stop.Renewed) {
            writeWhatIsDone(() -> engine.renewed(execution));
        } else {
            write(outcome(reason, failure), reason instanceof Stop.WentOn wentOn ? wentOn : null, output);
        }
    }

    private Outcome outcome(@Nullable Stop reason, @Nullable Throwable failure) {
        if (reason instanceof Stop.Blocked blocked) {
            return Outcome.blocked(blocked.difference());
        }
        RunSagas sagas = execution.sagas();
        if (sagas.isCompensating()) {
            String objection = sagas.objectionToEnd();
            if (objection != null) {
                return Outcome.blocked(objection);
            }
            return sagas.hasFailed() && failure != null
                    ? new Outcome(RunState.PARKED, execution.errorOf(failure))
                    : new Outcome(RunState.COMPENSATED, sagas.cause());
        }
        if (reason instanceof Stop.Cancelled) {
            return new Outcome(RunState.CANCELLED, null);
        }
        if (failure != null && !(reason instanceof Stop.WentOn)) {
            boolean parks = orchestration.onFailure(execution.run()) == Orchestration.OnFailure.PARK;
            return new Outcome(parks ? RunState.PARKED : RunState.FAILED, execution.errorOf(failure));
        }
        String leftOver = execution.leftOver();
        return leftOver == null ? new Outcome(RunState.COMPLETED, null) : Outcome.blocked(leftOver);
    }

    private void write(Outcome outcome, Stop.@Nullable WentOn wentOn, @Nullable Payload output) {
        boolean completed = outcome.state() == RunState.COMPLETED;
        List<StepRecord> records = new ArrayList<>();
        if (completed) {
            records.addAll(execution.takeHandled());
        }
        StepRecord lastRecord = execution.lastRecord();
        if (lastRecord != null) {
            records.add(lastRecord);
        }
        NewRun fresh =
                completed && wentOn != null ? engine.chains().next(execution, orchestration, wentOn.input()) : null;
        Payload result = fresh != null ? fresh.input() : completed ? output : null;
        RunResult end = new RunResult(
                execution.id(), outcome.state(), result, outcome.error(), fresh == null ? null : fresh.id());
        engine.failpoints().pass(Failpoint.RUN_BEFORE_END);
        CompletableFuture<Boolean> change = fresh == null
                ? engine.store().change(execution.changeTo(outcome.state(), records, result, outcome.error()))
                : engine.store().chains().goOn(execution.lastChange(records, result), fresh);
        change.whenComplete((applied, notWritten) -> engine.continueWith(() -> {
            engine.failpoints().pass(Failpoint.RUN_AFTER_END);
            if (notWritten != null) {
                LOG.error(
                        "The end of run {} could not be written; it goes on after a restart",
                        execution.id(),
                        notWritten);
                leaveAs(RunState.RUNNING);
            } else if (!applied) {
                LOG.error(
                        "Run {} was changed by somebody else; its end as {} was not written",
                        execution.id(),
                        outcome.state());
                leaveAs(RunState.RUNNING);
            } else {
                engine.left(execution, end);
            }
        }));
    }

    private void leaveAs(RunState state) {
        engine.left(execution, new RunResult(execution.id(), state, null, null));
    }

    /** What comes after finds in the store all that this execution has done, also the step that was to end the run. */
    private void writeWhatIsDone(Runnable then) {
        StepRecord lastRecord = execution.lastRecord();
        CompletableFuture<Void> written = lastRecord == null
                ? engine.store()
                        .saveAttributes(execution.id(), execution.attributes().toJson())
                : engine.store().record(execution.id(), lastRecord);
        written.whenComplete((ok, error) -> {
            if (error != null) {
                LOG.warn("Not everything of run {} is written; the step under way runs again", execution.id(), error);
            }
            engine.continueWith(then);
        });
    }
}
