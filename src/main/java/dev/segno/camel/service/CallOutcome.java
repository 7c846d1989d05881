package dev.segno.camel.service;

import dev.segno.security.ApiError;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an answer, or none, means for a call: whether it is taken, whether another try is worthwhile, and how that is said.
 * Immutable.
 */
record CallOutcome(String service, CallOptions options) {

    /** What a caller is told who waits for the answer; not what the service said, which is none of its business. */
    ApiError errorFor(CallFailed failure) {
        return switch (failure.reason()) {
            case NOT_CONFIGURED -> new ApiError(503, "unavailable", String.valueOf(failure.getMessage()));
            case CIRCUIT_OPEN ->
                new ApiError(503, "circuit-open", "The service '" + service + "' is not asked at the moment");
            case ASKED ->
                new ApiError(502, "service-failed", "The service '" + service + "' did not give a usable answer");
        };
    }

    /** There was no whole answer. */
    CallFailed noAnswer(Throwable cause) {
        if (cause instanceof CallFailed known) {
            boolean retryable = known.verdict().retryable() && options.retryable();
            return new CallFailed(described() + ": " + known.getMessage(), known.status(), retryable, null, known);
        }
        return new CallFailed(
                described() + " could not be reached or broke off: " + cause.getMessage(),
                0,
                options.retryable(),
                null,
                cause);
    }

    /** There was an answer that is not taken. */
    CallFailed refused(Answer answer) {
        int status = answer.status();
        return new CallFailed(
                described() + " answered " + status + excerpt(answer),
                status,
                isWorthwhile(status) && options.retryable(),
                retryAfter(answer),
                null);
    }

    /** The call, as messages name it. */
    String described() {
        return "Service '" + service + "' (" + options.method() + ' ' + options.path() + ")";
    }

    private static String excerpt(Answer answer) {
        String text = answer.body()
                .toString(StandardCharsets.UTF_8)
                .replaceAll("\\p{Cntrl}+", " ")
                .trim();
        return text.isEmpty() ? "" : ": " + (text.length() > 200 ? text.substring(0, 200) + "…" : text);
    }

    /** Whether the route goes on with an answer of this status. */
    boolean isTaken(int status) {
        boolean refused = status >= 400 && status < 500 && !isWorthwhile(status);
        return (status >= 200 && status < 300) || (options.takesRefusals() && refused);
    }

    private static boolean isWorthwhile(int status) {
        return status == 408 || status == 425 || status == 429 || status >= 500;
    }

    private static @Nullable Duration retryAfter(Answer answer) {
        String seconds = answer.retryAfter();
        if (seconds == null || !seconds.matches("\\d{1,5}")) {
            return null;
        }
        return Duration.ofSeconds(Long.parseLong(seconds));
    }
}
