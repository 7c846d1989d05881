package dev.segno.sim;

import dev.segno.run.ParentLink;
import dev.segno.run.RunState;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A run that is on disk, as somebody sees it who looks over the store's shoulder. */
final class KnownRun {

    final String id;
    final Program program;
    final long input;
    final @Nullable ParentLink parent;

    /** Steps whose records are on disk. */
    final Set<String> recorded = new HashSet<>();

    /** Names of the signals that were sent and acknowledged. */
    final Set<String> signalled = new HashSet<>();

    RunState state = RunState.RUNNING;

    /** Whether people want it to be cancelled, and whether they were told that it is. */
    boolean cancelAsked;

    boolean cancelAnswered;

    /** Whether people gave it up. */
    boolean isGivenUp;

    KnownRun(String id, Program program, long input, @Nullable ParentLink parent) {
        this.id = id;
        this.program = program;
        this.input = input;
        this.parent = parent;
    }

    boolean stands() {
        return state == RunState.PARKED || state == RunState.BLOCKED;
    }
}
