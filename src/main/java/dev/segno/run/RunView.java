package dev.segno.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run as somebody wants to see it: what is on disk, and what this node is doing with it right now.
 *
 * @param engine the engine that was asked
 * @param run    from the store
 * @param steps  recorded ones in the order of their records, then those under way or failed
 * @param waiting what it waits for
 * @param parent the run that it came from
 * @param forks  ids of the runs that were forked from it
 * @param edits  what its steps were entered with instead
 * @param repins changes of its version
 * @param chain  ids of the runs of its chain, the first one first; but the one where it did not go on as another
 */
public record RunView(
        Engine engine,
        Run run,
        List<Step> steps,
        Optional<Wait> waiting,
        Optional<ParentLink> parent,
        List<String> forks,
        List<Edit> edits,
        List<Repin> repins,
        List<String> chain) {

    /** What a step looks like from outside. */
    public enum StepState {
        COMPLETED,
        /** Failed, and its route handled that. */
        HANDLED,
        RUNNING,
        /** Failed, and waits for its next attempt. */
        WAITING,
        /** Used up its tries; the run stands here. */
        FAILED
    }

    /**
     * One step.
     *
     * @param failedAttempts in their order
     * @param record         its terminal record, if it has one
     * @param live           what is being done, if anything is
     */
    public record Step(
            StepKey key,
            StepState state,
            List<Attempt> failedAttempts,
            Optional<StepRecord> record,
            Optional<LiveStep> live) {}

    /** The run as it is now; empty when there is none of that id. */
    public static Optional<RunView> of(Engine engine, String runId) {
        // The live part first: what ends in between is then found in the store.
        List<LiveStep> live = engine.live(runId).map(Execution::liveSteps).orElse(List.of());
        return engine.store().find(runId).map(run -> {
            Map<StepKey, List<Attempt>> failed = new LinkedHashMap<>();
            for (Attempt attempt : engine.store().attempts(runId)) {
                failed.computeIfAbsent(attempt.key(), key -> new ArrayList<>()).add(attempt);
            }
            List<Step> steps = new ArrayList<>();
            for (StepRecord record : engine.store().journal(runId)) {
                List<Attempt> attempts = failed.remove(record.key());
                StepState state =
                        record.outcome() instanceof StepRecord.HandledFailure ? StepState.HANDLED : StepState.COMPLETED;
                steps.add(new Step(
                        record.key(),
                        state,
                        attempts == null ? List.of() : attempts,
                        Optional.of(record),
                        Optional.empty()));
            }
            for (LiveStep step : live) {
                if (steps.stream().noneMatch(known -> known.key().equals(step.key()))) {
                    List<Attempt> attempts = failed.remove(step.key());
                    StepState state = step.nextAttempt() == null ? StepState.RUNNING : StepState.WAITING;
                    steps.add(new Step(
                            step.key(),
                            state,
                            attempts == null ? List.of() : attempts,
                            Optional.empty(),
                            Optional.of(step)));
                }
            }
            failed.forEach((key, attempts) ->
                    steps.add(new Step(key, StepState.FAILED, attempts, Optional.empty(), Optional.empty())));
            Optional<Wait> waiting =
                    run.state() == RunState.WAITING ? engine.store().waitOf(runId) : Optional.empty();
            boolean retried = run.retries() > 0;
            return new RunView(
                    engine,
                    run,
                    List.copyOf(steps),
                    waiting,
                    engine.store().parentOf(runId),
                    engine.store().childrenOf(runId, ParentLink.Kind.FORK),
                    retried ? engine.store().deadLetters().edits(runId) : List.of(),
                    retried ? engine.store().deadLetters().repins(runId) : List.of(),
                    engine.store().chains().chainOf(runId));
        });
    }
}
