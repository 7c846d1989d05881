package dev.segno.run;

import org.jspecify.annotations.Nullable;

/** Why a run under way goes no further on this node. */
sealed interface Stop {

    /** The run is no longer what this node took it for. */
    Stop CHANGED_BY_OTHERS = new Suspended("somebody else has changed it");

    /** Somebody asked for it: no further step begins, the ones under way are recorded. */
    record Cancelled() implements Stop {}

    /** Journal and code do not belong together. */
    record Blocked(String difference) implements Stop {}

    /** The run waits, and that is on disk. What ends the waiting brings it back from its journal. */
    record Waiting() implements Stop {}

    /**
     * A rehearsal has come to what would be executed.
     *
     * @param unknown as in {@link Rehearsal}
     */
    record Rehearsed(@Nullable StepKey at, @Nullable String unknown) implements Stop {}

    /** The node is going down, or cannot write: the run goes on from its journal later. */
    record Suspended(String why) implements Stop {}

    /** It ends here and goes on as a fresh run with this input. */
    record WentOn(Payload.Inline input) implements Stop {}

    /** Its version was built anew: the run goes on from its journal at once. */
    record Renewed() implements Stop {}
}
