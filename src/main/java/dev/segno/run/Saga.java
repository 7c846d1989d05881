package dev.segno.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run has noted so that it can be undone, and what became of that.
 *
 * @param run   that did
 * @param parts in the order in which they were begun
 */
public record Saga(Run run, List<Part> parts) {

    /** What became of a part. */
    public enum PartState {
        /** Begun, and nothing was undone; also in a run that has completed. */
        BEGUN,
        /** Its compensation is under way. */
        COMPENSATING,
        /** Undone, and recorded so. */
        COMPENSATED,
        /** Its compensation used up its tries. */
        FAILED
    }

    /**
     * A part of a saga.
     *
     * @param key      address in the run
     * @param options  of the compensation, as a JSON object
     * @param begunAt  when it was noted
     * @param undoneAt end of its compensation; {@code null} when there was none
     */
    public record Part(
            StepKey key,
            PartState state,
            String options,
            Instant begunAt,
            @Nullable Instant undoneAt) {}

    /** Whether a run stands at a compensation that used up its tries. */
    public static boolean isStuck(Run run) {
        return Engine.isStanding(run.state())
                && run.error() != null
                && Scopes.isOfCompensation(run.error().step());
    }

    /** The saga of a run; empty when there is no such run, or it has noted nothing. */
    public static Optional<Saga> of(Engine engine, String runId) {
        return RunView.of(engine, runId)
                .map(Saga::of)
                .filter(saga -> !saga.parts().isEmpty());
    }

    private static Saga of(RunView view) {
        Map<StepKey, RunView.Step> steps = new HashMap<>();
        view.steps().forEach(step -> steps.put(step.key(), step));
        List<Part> parts = new ArrayList<>();
        for (RunView.Step step : view.steps()) {
            step.record().ifPresent(record -> {
                if (record.outcome() instanceof StepRecord.Registered registered) {
                    StepKey undo = StepKey.in(Scopes.COMPENSATION, record.key().path());
                    parts.add(part(view.run(), record, registered, steps.get(undo)));
                }
            });
        }
        return new Saga(view.run(), List.copyOf(parts));
    }

    private static Part part(
            Run run, StepRecord record, StepRecord.Registered registered, RunView.@Nullable Step compensation) {
        PartState state = PartState.BEGUN;
        if (compensation != null) {
            state = switch (compensation.state()) {
                case COMPLETED -> PartState.COMPENSATED;
                case RUNNING, WAITING -> PartState.COMPENSATING;
                case HANDLED -> PartState.FAILED;
                case FAILED -> Engine.isStanding(run.state()) ? PartState.FAILED : PartState.COMPENSATING;
            };
        }
        Instant undoneAt = state == PartState.COMPENSATED && compensation != null
                ? compensation.record().map(StepRecord::endedAt).orElse(null)
                : null;
        return new Part(record.key(), state, registered.options(), record.startedAt(), undoneAt);
    }
}
