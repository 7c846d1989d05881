package dev.segno.run;

/** One version of an orchestration, ready to be executed. */
public interface Orchestration {

    String name();

    String version();

    Options options();

    /**
     * Executes the run's route from its start. Asynchronous; calls {@link Execution#completed} or
     * {@link Execution#failed} exactly once, on any thread.
     */
    void execute(Execution execution);

    /** When a step's record has to be on disk. */
    enum Durability {
        /** Before the next step begins. */
        STRICT,
        /** Before the caller hears of the run's end. A crash repeats the steps whose records were not yet written. */
        RELAXED
    }

    /** What becomes of a run whose step used up its tries. */
    enum OnFailure {
        /** It stands there as a dead letter. */
        PARK,
        /** Its sagas are undone; without any it fails. */
        COMPENSATE,
        FAIL
    }

    /**
     * Options of an orchestration.
     *
     * @param singleton whether at most one of its runs may be under way
     */
    record Options(boolean singleton, Durability durability, OnFailure onFailure) {
        public static final Options DEFAULT = new Options(false, Durability.STRICT, OnFailure.PARK);
    }
}
