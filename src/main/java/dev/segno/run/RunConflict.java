package dev.segno.run;

/** The state of a run does not allow what was asked for. */
public final class RunConflict extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RunConflict(String message) {
        super(message);
    }
}
