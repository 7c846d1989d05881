package dev.segno.sim;

import java.util.List;

/** Part of a random route program: the constructs of a route that a run has to survive. Immutable. */
sealed interface Part {

    /**
     * What the service behind a step does.
     *
     * @param failures how many calls fail before one succeeds, where the step is tried again
     * @param forGood  whether it fails until somebody has repaired it
     */
    record Fate(int failures, boolean forGood) {
        static final Fate FINE = new Fate(0, false);
    }

    /** One call of the service. */
    record Step(String id, Fate fate, boolean last) implements Part {}

    /** A step with others in it. */
    record Outer(String id, Part body) implements Part {}

    record Sequence(List<Part> parts) implements Part {}

    record Loop(String id, int times, Part body) implements Part {}

    /** How the branches of a split relate. */
    enum Branches {
        /** One after the other; the first that fails ends the split. */
        SEQUENTIAL,
        /** One after the other; those that fail are passed over. */
        SEQUENTIAL_PASSING_OVER,
        /** At the same time; the first that fails ends the split. */
        PARALLEL,
        /** At the same time; those that fail are passed over. */
        PARALLEL_PASSING_OVER;

        boolean stopsOnFirst() {
            return this == SEQUENTIAL || this == PARALLEL;
        }

        boolean parallel() {
            return this == PARALLEL || this == PARALLEL_PASSING_OVER;
        }
    }

    record Split(String id, Branches branches, int count, Part body) implements Part {}

    /** Decides on the body, which a replay restores. */
    record Choice(int bit, Part yes, Part no) implements Part {}

    /** doTry with one doCatch. */
    record Try(String id, Part body, Part handler) implements Part {}

    /** Call of another route of the same file. */
    record Call(String id, Part body) implements Part {}

    /** What ends a wait. */
    enum Ending {
        SIGNAL,
        TIME,
        /** A signal and a short time: the journal says which of them was first. */
        EITHER,
        /** A sleep: there is no signal. */
        SLEEP
    }

    record Await(String id, Ending ending) implements Part {}

    /**
     * A saga, or a part of the one around it.
     *
     * @param compensation what the service does that undoes it
     * @param completes    whether it also does something when the saga has come through
     */
    record Saga(String id, Fate compensation, boolean completes, Part body) implements Part {}

    /** Start of another run; a synchronous one is waited for. */
    record Child(String id, boolean sync, Program program) implements Part {}
}
