package dev.segno.camel.service;

import dev.segno.camel.HasVerdict;
import dev.segno.run.Verdict;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call of a service that did not bring a usable answer. */
public final class CallFailed extends RuntimeException implements HasVerdict {
    private static final long serialVersionUID = 1L;

    /** Why there was no usable answer. */
    enum Reason {
        /** Nobody says where the service is. */
        NOT_CONFIGURED,
        /** Its circuit breaker let no request through. */
        CIRCUIT_OPEN,
        /** It was asked, or the request could not be made. */
        ASKED
    }

    private final int status;
    private final Reason reason;
    private final transient Verdict verdict;

    CallFailed(
            String message, int status, boolean retryable, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        this(Reason.ASKED, message, status, retryable, retryAfter, cause);
    }

    private CallFailed(
            Reason reason,
            String message,
            int status,
            boolean retryable,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.status = status;
        this.verdict = new Verdict(retryable, Optional.ofNullable(retryAfter));
    }

    /** Made again from a journal: history, which nobody retries. */
    public CallFailed(String message) {
        super(message);
        this.reason = Reason.ASKED;
        this.status = 0;
        this.verdict = Verdict.NEVER;
    }

    static CallFailed notConfigured(String message) {
        return new CallFailed(Reason.NOT_CONFIGURED, message, 0, false, null, null);
    }

    static CallFailed circuitOpen(String message, boolean retryable) {
        return new CallFailed(Reason.CIRCUIT_OPEN, message, 0, retryable, null, null);
    }

    Reason reason() {
        return reason;
    }

    /** HTTP status of the answer; 0 when none came. */
    public int status() {
        return status;
    }

    @Override
    public Verdict verdict() {
        return verdict;
    }
}
