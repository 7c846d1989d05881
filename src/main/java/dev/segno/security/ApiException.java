package dev.segno.security;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ends a request with the error that it carries. Thrown anywhere below an HTTP door, also inside a route: the door
 * looks for it along the chain of causes.
 */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ApiError error;

    public ApiException(ApiError error) {
        this(error, null);
    }

    public ApiException(ApiError error, @Nullable Throwable cause) {
        // Without a stack trace: refusals are cheap, however many there are.
        super(error.message(), cause, false, false);
        this.error = error;
    }

    public ApiError error() {
        return error;
    }

    /** The error carried by a failure or by one of its causes, if any. */
    public static Optional<ApiError> errorOf(@Nullable Throwable failure) {
        Set<Throwable> seen = new HashSet<>();
        for (Throwable next = failure; next != null && seen.add(next); next = next.getCause()) {
            if (next instanceof ApiException known) {
                return Optional.of(known.error());
            }
        }
        return Optional.empty();
    }
}
