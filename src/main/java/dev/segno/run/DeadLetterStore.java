package dev.segno.run;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The part of a {@link RunStore} that is about parked and blocked runs and what becomes of them. The same rules hold. */
public interface DeadLetterStore {

    /**
     * Lets a run be {@link RunState#RUNNING} again and counts that as a manual retry. Completes with {@code false}, and
     * nothing is written, when the revision is not the expected one, when the run is in a final state, or when another run
     * holds its singleton.
     */
    CompletableFuture<Boolean> retry(ManualRetry retry);

    /**
     * Writes a new run with its journal, unless its singleton is taken. All or nothing is written.
     */
    CompletableFuture<StartOutcome> fork(Fork fork);

    /** The edits that hold in a run, in the order in which they were written. */
    List<Edit> edits(String runId);

    /** The changes of a run's version, oldest first. */
    List<Repin> repins(String runId);

    /** Parked and blocked runs without their input and output, newest first. */
    List<Run> list(DeadLetterQuery query);

    /** Hands out all parked and blocked runs by what they say. */
    void causes(Consumer<DeadLetterCause> consumer);

    /** Ids of the runs that a cause stands for, oldest first, at most {@code limit}. */
    List<String> runsOf(DeadLetterCause cause, int limit);
}
