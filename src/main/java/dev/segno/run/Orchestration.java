package dev.segno.run;

import org.jspecify.annotations.Nullable;

/** One version of an orchestration, ready to be executed. */
public interface Orchestration {

    String name();

    String version();

    Options options();

    /**
     * Where a run belongs that is about to be started: with which others it is counted, and before which it begins. Asked
     * only if the orchestration has limits.
     *
     * @param headers as a JSON object; {@code null} for none
     * @throws InvalidStart when the input does not tell
     */
    default Place place(Payload input, @Nullable String headers) {
        return Place.DEFAULT;
    }

    /**
     * A place among the runs of an orchestration.
     *
     * @param key      what is counted together; empty when all of its runs are
     * @param priority a higher one begins first
     */
    record Place(String key, int priority) {
        public static final Place DEFAULT = new Place("", 0);
    }

    /**
     * What becomes of a run whose step used up its tries. Asked when that has happened, and again after a crash: the answer
     * depends on nothing but the run's input and headers.
     */
    default OnFailure onFailure(Run run) {
        return options().onFailure();
    }

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
     * @param singleton whether at most one of its runs may be under way or wait
     */
    record Options(boolean singleton, Durability durability, OnFailure onFailure, Limits limits) {
        public static final Options DEFAULT = new Options(false, Durability.STRICT, OnFailure.PARK);

        /** Options without limits. */
        public Options(boolean singleton, Durability durability, OnFailure onFailure) {
            this(singleton, durability, onFailure, Limits.NONE);
        }
    }
}
