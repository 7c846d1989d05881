package dev.segno.trigger;

import java.util.concurrent.CompletableFuture;

/** What a schedule fires: a route. */
@FunctionalInterface
public interface FireTarget {

    /**
     * Fires once. The run that comes of it must have {@link Fire#startKey()} as its start key. Fails with
     * {@link dev.segno.run.StoreUnavailable} when it should be fired again later.
     */
    CompletableFuture<Result> fire(Fire fire);

    /** What came of a fire. */
    sealed interface Result {

        /** A run is on disk: this one's, now or by an earlier try. */
        record Started(String runId) implements Result {}

        /** The orchestration takes one run at a time, and another one is under way. */
        record Busy(String runId) implements Result {}

        /** The route did what it does, without a run. */
        record NoRun() implements Result {}
    }
}
