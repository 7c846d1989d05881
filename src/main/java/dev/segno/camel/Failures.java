package dev.segno.camel;

import dev.segno.run.StepRecord;
import dev.segno.run.Verdict;
import java.util.concurrent.CompletionException;

/** Failures of steps: what they say about another try, and how a recorded one is made again. */
final class Failures {

    private Failures() {}

    /** The verdict of the first failure among {@code failure} and its causes that has one; otherwise: try again. */
    static Verdict verdict(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HasVerdict judged) {
                return judged.verdict();
            }
        }
        return Verdict.RETRY;
    }

    static Throwable unwrap(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    /**
     * The failure of a record: of its own class when that is there and can be made from a message, and in any case with a
     * {@link StepFailed} in it, by which the same clauses take it.
     */
    static Throwable recreate(StepRecord.HandledFailure record) {
        String type = record.error().type();
        String message = record.error().message();
        StepFailed replayed = new StepFailed(type, message, record.clause());
        try {
            Class<? extends Throwable> simple =
                    Class.forName(type, false, Failures.class.getClassLoader()).asSubclass(Throwable.class);
            return simple.getConstructor(String.class).newInstance(message).initCause(replayed);
        } catch (ReflectiveOperationException | ClassCastException | IllegalStateException | LinkageError e) {
            // Expected for classes that are not simple: the route must take the same way all the same.
            return replayed;
        }
    }
}
