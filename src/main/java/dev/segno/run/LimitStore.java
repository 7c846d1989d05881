package dev.segno.run;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Which runs are counted together, as {@link RunStore} keeps it: with the same promises. A run holds a place while it is
 * {@link RunState#RUNNING} or {@link RunState#COMPENSATING}, by its state itself, so that no place can be lost.
 */
public interface LimitStore {

    /**
     * Lets queued runs begin, as many as their limits allow. The caller has to let them go on. With more of them than one
     * write should hold, {@code next} is {@code now}.
     */
    CompletableFuture<Admitted> admit(String key, Instant now);

    /** All queued runs. */
    List<QueuedRun> queued();

    /** The key under which a run is counted; empty when it is not. */
    Optional<String> keyOf(String runId);

    /** A queued run and the key under which it is counted. */
    record QueuedRun(String runId, String key) {}
}
