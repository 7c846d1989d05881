package dev.segno.run;

/** A step key already has its terminal record. */
public final class DuplicateRecord extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DuplicateRecord(String runId, StepKey key) {
        super("Run " + runId + " already has a record for step " + key);
    }
}
