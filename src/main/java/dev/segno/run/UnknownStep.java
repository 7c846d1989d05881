package dev.segno.run;

/** A run has no step of this key. */
public final class UnknownStep extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnknownStep(String message) {
        super(message);
    }
}
