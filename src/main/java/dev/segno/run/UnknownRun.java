package dev.segno.run;

/** There is no run of that id. */
public final class UnknownRun extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnknownRun(String runId) {
        super("There is no run " + runId);
    }
}
