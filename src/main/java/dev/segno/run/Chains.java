package dev.segno.run;

import java.util.Optional;

/** Runs that end and go on as fresh ones, so that no journal grows without end. Thread-safe. */
final class Chains {

    private final Engine engine;

    Chains(Engine engine) {
        this.engine = engine;
    }

    /** The run in which one goes on: on the newest version, with the parent of the one before. */
    NewRun next(Execution ending, Orchestration orchestration, Payload.Inline input) {
        Run run = ending.run();
        Orchestration newest = newest(orchestration);
        return new NewRun(
                engine.newRunId(),
                run.orchestration(),
                newest.version(),
                RunState.RUNNING,
                input,
                run.headers(),
                null,
                null,
                newest.options().singleton() ? newest.name() : null,
                engine.now(),
                ending.parent()
                        .filter(parent -> parent.kind() != ParentLink.Kind.FORK)
                        .orElse(null),
                null);
    }

    /** Going on is no start: a run whose orchestration is switched off, or was removed, goes on as it is. */
    private Orchestration newest(Orchestration orchestration) {
        try {
            return engine.orchestrations().current(orchestration.name()).orElse(orchestration);
        } catch (RunConflict e) {
            return orchestration;
        }
    }

    /** The run in which a completed one went on, if it did. */
    Optional<String> after(String runId, RunState state) {
        if (state != RunState.COMPLETED) {
            return Optional.empty();
        }
        String newest = engine.store().chains().newestOf(runId);
        return newest.equals(runId) ? Optional.empty() : Optional.of(newest);
    }
}
