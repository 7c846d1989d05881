package dev.segno.run;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The work of a step, as the engine sees it. */
@FunctionalInterface
public interface StepBody {

    /**
     * Tries once. Must call {@code done} exactly once, on any thread, and must not throw.
     *
     * @param attempt number of this attempt, from 1
     */
    void attempt(int attempt, Consumer<Result> done);

    /** How a try ended. */
    sealed interface Result {}

    /** It worked; see {@link StepRecord.Completed} for the components. */
    record Succeeded(Payload body, @Nullable String changes) implements Result {}

    /**
     * It failed.
     *
     * @param policy tries and delays for a failure of this kind
     */
    record Failed(Throwable error, Verdict verdict, RetryPolicy policy) implements Result {}

    /** Its run was stopped in the middle of it; nothing is to be recorded. */
    record Abandoned() implements Result {}
}
