package dev.segno.camel.service;

import dev.segno.camel.HasVerdict;
import dev.segno.run.Verdict;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call of a service that did not bring a usable answer. */
public final class CallFailed extends RuntimeException implements HasVerdict {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Verdict verdict;

    CallFailed(
            String message, int status, boolean retryable, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
        this.verdict = new Verdict(retryable, Optional.ofNullable(retryAfter));
    }

    /** Made again from a journal: history, which nobody retries. */
    public CallFailed(String message) {
        super(message);
        this.status = 0;
        this.verdict = Verdict.NEVER;
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
