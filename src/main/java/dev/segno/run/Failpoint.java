package dev.segno.run;

/** The points at which a test can end the process or let a write fail; {@link Failpoints} says which of them strike. */
public enum Failpoint {
    /** A new run is on disk; its caller has not heard of it, and its first step has not begun. */
    RUN_AFTER_START("run.after-start"),
    /** A step is about to be tried. */
    STEP_BEFORE_EFFECT("step.before-effect"),
    /** A step was tried; what came of it is not recorded. */
    STEP_AFTER_EFFECT("step.after-effect"),
    /** A run has come to its end, is to be parked or blocked; that is not on disk. */
    RUN_BEFORE_END("run.before-end"),
    /** The end of a run is on disk, and nobody has heard of it. */
    RUN_AFTER_END("run.after-end"),
    /** That a run waits is on disk; the run is still in memory. */
    WAIT_AFTER_BEGIN("wait.after-begin"),
    /** The time of a wait is up, and nothing says so on disk. */
    TIMER_BEFORE_END("timer.before-end"),
    /** That the time of a wait is up is on disk; its run does not go on yet. */
    TIMER_AFTER_END("timer.after-end"),
    /** A signal has come, and is not on disk. */
    SIGNAL_BEFORE_RECORD("signal.before-record"),
    /** A signal is on disk; its sender has not heard of it, and its run does not go on yet. */
    SIGNAL_AFTER_RECORD("signal.after-record"),
    /** A saga has failed; that it is being undone is not on disk. */
    SAGA_BEFORE_COMPENSATION("saga.before-compensation"),
    /** That a run is being undone is on disk, and nothing is undone. */
    SAGA_AFTER_BEGIN("saga.after-begin"),
    /** Something was undone; that is not recorded. */
    COMPENSATION_AFTER_EFFECT("compensation.after-effect"),
    /** A version of a file is built and kept, and the one before still serves. */
    RELOAD_BEFORE_SWAP("reload.before-swap"),
    /** The triggers of the version before are stopped, and those of the next one not started yet. */
    RELOAD_IN_SWAP("reload.in-swap"),
    /** A version of a file serves; requests to the one before are not passed on yet. */
    RELOAD_AFTER_SWAP("reload.after-swap"),
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
