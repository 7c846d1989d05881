package dev.segno.run;

/** The points at which a test can end the process or let a write fail; {@link Failpoints} says which of them strike. */
public enum Failpoint {
    /** A new run is on disk; its caller has not heard of it, and its first step has not begun. */
    RUN_AFTER_START("run.after-start"),
    /** A step is about to be tried. */
    STEP_BEFORE_EFFECT("step.before-effect"),
    /** A step was tried; what came of it is not recorded. */
    STEP_AFTER_EFFECT("step.after-effect"),
    /** The fire of a schedule is on disk; its run has not been started. */
    SCHEDULE_BEFORE_START("schedule.before-start"),
    /** A group of writes is in its transaction, and the transaction is open. */
    STORE_BEFORE_COMMIT("store.before-commit"),
    /** A group of writes is on disk, and nobody has heard of it. */
    STORE_AFTER_COMMIT("store.after-commit"),
    /** The commit of a group of writes fails as it does when the disk cannot sync. */
    STORE_FAIL_FSYNC("store.fail-fsync");

    private final String text;

    Failpoint(String text) {
        this.text = text;
    }

    /** The name in {@value Failpoints#SETTING}. */
    @Override
    public String toString() {
        return text;
    }
}
