package dev.segno.hub;

import dev.segno.run.Run;
import dev.segno.run.RunState;
import dev.segno.run.StepError;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of an operation whose run has ended or stands.
 *
 * @param success whether it did what it was to do
 * @param partial whether it did so without something that it can do without
 * @param error   what went wrong; {@code null} where nothing did
 * @param ms      how long it took
 */
record EndedOperation(
        boolean success, boolean partial, @Nullable String error, double ms) {

    /**
     * @param output of the run, as its route made it: {@code data}, {@code error}, {@code service_errors}
     */
    static EndedOperation of(Run run, Map<String, @Nullable Object> output) {
        @Nullable String error = run.state() == RunState.COMPLETED ? text(output.get("error")) : errorOf(run);
        boolean hasErrors = output.get("service_errors") instanceof Map<?, ?> errors && !errors.isEmpty();
        Instant endedAt = run.endedAt() == null ? run.updatedAt() : run.endedAt();
        return new EndedOperation(error == null, error == null && hasErrors, error, ms(run, endedAt));
    }

    /** Of a run that came to stand, where no more is known than that. */
    static EndedOperation standing(Run run, RunState state, Instant at) {
        return new EndedOperation(false, false, nameOf(state), ms(run, at));
    }

    private static double ms(Run run, Instant endedAt) {
        return Duration.between(run.createdAt(), endedAt).toNanos() / 1e6;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static String errorOf(Run run) {
        StepError error = run.error();
        return error == null ? nameOf(run.state()) : error.message();
    }

    private static String nameOf(RunState state) {
        return "The run is " + state.name().toLowerCase(Locale.ROOT);
    }
}
