package dev.segno.client;

import org.jspecify.annotations.Nullable;

/** A node refused a request, or could not be reached. */
public final class SegnoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final @Nullable String requestId;

    SegnoException(String message, int status, String code, @Nullable String requestId, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
        this.code = code;
        this.requestId = requestId;
    }

    /** HTTP status; 0 when no answer came. */
    public int status() {
        return status;
    }

    /** A word for what is wrong, such as {@code not-found}; {@code unreachable} when no answer came. */
    public String code() {
        return code;
    }

    /** By which the node's log knows the request; null when no answer came. */
    public @Nullable String requestId() {
        return requestId;
    }
}
