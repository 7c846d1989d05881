package dev.segno.run;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A failure as it is recorded.
 *
 * @param type    class name of the exception
 * @param message its message, never null
 * @param step    path of the step key at which it happened; {@code null} outside of any step
 */
public record StepError(
        String type, String message, @Nullable String step) {

    private static volatile UnaryOperator<String> redaction = UnaryOperator.identity();

    /** From now on messages of failures are recorded as an operator leaves them, in the whole process. */
    public static void redactWith(UnaryOperator<String> operator) {
        redaction = operator;
    }

    /** The failure {@code cause} at {@code key}. */
    public static StepError of(Throwable cause, @Nullable StepKey key) {
        String message = cause.getMessage();
        return new StepError(
                cause.getClass().getName(),
                message == null ? cause.getClass().getSimpleName() : redaction.apply(message),
                key == null ? null : key.path());
    }
}
