package dev.segno.sim;

import dev.segno.run.ManualRetry;
import dev.segno.run.NewRun;
import dev.segno.run.ParentLink;
import dev.segno.run.RunState;
import dev.segno.run.Signal;
import dev.segno.run.SignalOutcome;
import dev.segno.run.StartOutcome;
import dev.segno.run.StateChange;
import dev.segno.run.StepKey;
import dev.segno.run.StepRecord;
import dev.segno.run.WaitOutcome;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows what is committed: which runs there are, in which state, and which of their steps are over. */
final class Watch implements SimulatedStore.Listener {

    private final Trace trace;
    private final Map<String, Program> programs = new LinkedHashMap<>();
    private final Map<String, KnownRun> runs = new LinkedHashMap<>();

    Watch(Trace trace, List<Program> programs) {
        this.trace = trace;
        programs.forEach(program -> this.programs.put(program.name(), program));
    }

    Collection<KnownRun> runs() {
        return runs.values();
    }

    @Nullable
    KnownRun run(String id) {
        return runs.get(id);
    }

    /** The run that a step of another one has started. */
    Optional<KnownRun> startedBy(String run, String step) {
        return runs.values().stream().filter(it -> isFrom(it, run, step)).findFirst();
    }

    private static boolean isFrom(KnownRun run, String parent, String step) {
        ParentLink link = run.parent;
        return link != null && link.runId().equals(parent) && link.step().path().equals(step);
    }

    /** Whether a step of a run must not be executed any more. */
    boolean isOver(String runId, String path) {
        KnownRun run = runs.get(runId);
        return run == null || run.cancelAnswered || run.state.isFinal() || run.recorded.contains(path);
    }

    @Override
    public void committed(Method method, Object[] arguments, @Nullable Object result) {
        Object first = arguments[0];
        if (first instanceof NewRun run && result instanceof StartOutcome.Started) {
            started(run);
        } else if (first instanceof StateChange change && Boolean.TRUE.equals(result)) {
            moved(change.runId(), change.next());
            change.records().forEach(record -> recorded(change.runId(), record));
        } else if (first instanceof ManualRetry retry && Boolean.TRUE.equals(result)) {
            moved(retry.runId(), RunState.RUNNING);
        } else if (first instanceof Signal signal && result instanceof SignalOutcome.Delivered) {
            moved(signal.runId(), RunState.RUNNING);
        } else if (first instanceof String runId) {
            ofRun(runId, method.getName(), arguments, result);
        }
    }

    private void ofRun(String runId, String write, Object[] arguments, @Nullable Object result) {
        if (write.equals("record") && arguments[1] instanceof StepRecord record) {
            recorded(runId, record);
        } else if (result instanceof WaitOutcome.Waiting) {
            moved(runId, RunState.WAITING);
        } else if (result instanceof WaitOutcome.Arrived arrived) {
            recorded(runId, arrived.record());
        } else if (write.equals("timeOut") && arguments[1] instanceof StepKey key && Boolean.TRUE.equals(result)) {
            trace.add("time of " + runId + ' ' + key + " is up");
            moved(runId, RunState.RUNNING);
        } else if (write.equals("wake") && result instanceof List<?> woken) {
            woken.forEach(id -> moved(String.valueOf(id), RunState.RUNNING));
        }
    }

    private void started(NewRun run) {
        Program program = programs.get(run.orchestration());
        if (program == null) {
            throw new AssertionError(run.orchestration());
        }
        ParentLink parent = run.parent();
        if (parent != null && startedBy(parent.runId(), parent.step().path()).isPresent()) {
            trace.violated(parent.runId() + '/' + parent.step() + " has started two runs");
        }
        runs.put(run.id(), new KnownRun(run.id(), program, Values.body(run.input()), parent));
    }

    private void moved(String runId, RunState next) {
        KnownRun run = runs.get(runId);
        if (run == null) {
            trace.violated("A run that was never started is " + next + ": " + runId);
        } else if (run.state.isFinal()) {
            trace.violated(runId + " was " + run.state + " and is " + next);
        } else {
            run.state = next;
        }
    }

    private void recorded(String runId, StepRecord record) {
        KnownRun run = runs.get(runId);
        if (run == null || !run.recorded.add(record.key().path())) {
            trace.violated(runId + '/' + record.key() + " has two records");
        }
    }
}
