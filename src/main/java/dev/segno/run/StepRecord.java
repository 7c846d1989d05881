package dev.segno.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The one terminal record of a step key. Once on disk, the step never runs again and replay restores what stands here.
 *
 * @param key       unique in the run
 * @param attempt   number of the attempt that ended the step, from 1
 * @param startedAt begin of that attempt
 * @param endedAt   end of that attempt
 * @param outcome   what replay restores
 */
public record StepRecord(StepKey key, int attempt, Instant startedAt, Instant endedAt, Outcome outcome) {

    /** How a step ended. */
    public sealed interface Outcome {}

    /**
     * The step did its work.
     *
     * @param body    the body that it left behind
     * @param changes headers, variables and properties that it changed, as a JSON document whose shape belongs to the
     *                caller; {@code null} when it changed none
     */
    public record Completed(Payload body, @Nullable String changes) implements Outcome {}

    /**
     * The step failed and its route handled that (doTry, onException): history too, replayed as the same failure.
     *
     * @param error  what failed
     * @param clause id of the clause that took it; {@code null} when it is not known
     * @param retry  number of the run's manual retry under which it failed, from 0
     */
    public record HandledFailure(StepError error, @Nullable String clause, int retry) implements Outcome {}

    /**
     * An {@code await} got its signal.
     *
     * @param body of the signal
     */
    public record Signalled(Payload body) implements Outcome {}

    /** The time of an {@code await} was up. */
    public record TimedOut() implements Outcome {}

    /**
     * A saga has noted how to undo what comes next.
     *
     * @param options of the compensation, evaluated, as a JSON object
     */
    public record Registered(String options) implements Outcome {}

    /** What has a record. */
    public enum Kind {
        STEP,
        AWAIT,
        SAGA
    }

    /** What this is the record of. */
    public Kind kind() {
        if (outcome instanceof Signalled || outcome instanceof TimedOut) {
            return Kind.AWAIT;
        }
        return outcome instanceof Registered ? Kind.SAGA : Kind.STEP;
    }
}
