package dev.segno.run;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Runs that went on as fresh ones, as {@link RunStore} keeps them: with the same promises. A chain is known by each of its
 * runs; one that stands alone is a chain of one.
 */
public interface ChainStore {

    /**
     * Ends a run as {@link RunState#COMPLETED} and starts the one in which it goes on, as one write. That one takes over
     * its place among those that are counted together, its attributes, and the signals that it has not taken.
     *
     * @param end  carries the last attributes
     * @param next begins as {@link RunState#RUNNING}, without a start key and without a slot of its own
     * @return as {@link RunStore#change}; with {@code false} there is no next run
     */
    CompletableFuture<Boolean> goOn(StateChange end, NewRun next);

    /** Id of the newest run of a chain; the given one where it did not go on as another, or is unknown. */
    String newestOf(String runId);

    /** Ids of the runs of a chain, the first one first. */
    List<String> chainOf(String runId);
}
