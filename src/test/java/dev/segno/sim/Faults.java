package dev.segno.sim;

import java.util.concurrent.CompletableFuture;

/** Bugs that a test plants, to see that the simulator finds them. None by itself. */
class Faults {

    static final Faults NONE = new Faults();

    /** Writes something. */
    CompletableFuture<?> write(SimulatedStore.Write write) {
        return write.apply();
    }

    /** Whether the store says that something is on disk before it is. */
    boolean answersTooEarly(SimulatedStore.Write write) {
        return false;
    }

    /** Whether a saga forgets that it has something to undo. */
    boolean forgetsToUndo(String path) {
        return false;
    }

    /** What the service gets as the key of a call. */
    String idempotencyKey(String run, String path, int calls) {
        return run + '/' + path;
    }
}
