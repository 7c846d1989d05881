package dev.segno.run;

/** An orchestration cannot be started with this input. Nothing was recorded. */
public final class InvalidStart extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidStart(String message) {
        super(message);
    }

    public InvalidStart(String message, Throwable cause) {
        super(message, cause);
    }
}
