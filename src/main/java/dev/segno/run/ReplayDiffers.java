package dev.segno.run;

/** A journal does not fit the version that a run was to go on with. */
public final class ReplayDiffers extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Rehearsal rehearsal;

    public ReplayDiffers(String runId, Rehearsal rehearsal) {
        super("Run " + runId + " cannot go on with version " + rehearsal.version()
                + ": its journal does not fit. Nothing was changed; retry it on its own version, or fork it from an"
                + " earlier step");
        this.rehearsal = rehearsal;
    }

    /** What does not fit. */
    public Rehearsal rehearsal() {
        return rehearsal;
    }
}
