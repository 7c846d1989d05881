package dev.segno.run;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Who waits for what becomes of a run, wherever it is under way, and in whatever runs it goes on. Thread-safe. */
final class RunResults {

    private final Engine engine;
    private final Chains chains;
    private final Map<String, CompletableFuture<RunResult>> awaited = new ConcurrentHashMap<>();

    RunResults(Engine engine, Chains chains) {
        this.engine = engine;
        this.chains = chains;
    }

    /**
     * Completes when a run is in a state that is enough; at once if it is so already. With {@link RunState#RUNNING} the result
     * says that this node goes down. Fails with {@link UnknownRun}.
     */
    CompletableFuture<RunResult> when(String runId, Predicate<RunState> enough) {
        CompletableFuture<RunResult> next = next(runId);
        Optional<Run> found = isLive(runId) ? Optional.empty() : engine.store().find(runId);
        if (found.isPresent() && enough.test(found.get().state())) {
            if (found.get().state().isFinal()) {
                awaited.remove(runId, next);
            }
            return chains.after(runId, found.get().state())
                    .map(newest -> when(newest, enough))
                    .orElseGet(() -> CompletableFuture.completedFuture(RunResult.of(found.get())));
        }
        if (found.isEmpty() && !isLive(runId) && engine.store().find(runId).isEmpty()) {
            awaited.remove(runId, next);
            return CompletableFuture.failedFuture(new UnknownRun(runId));
        }
        return next.thenComposeAsync(
                result -> {
                    String fresh = result.next();
                    if (fresh != null) {
                        return when(fresh, enough);
                    }
                    return enough.test(result.state()) || result.state() == RunState.RUNNING
                            ? CompletableFuture.completedFuture(result)
                            : when(runId, enough);
                },
                engine.executor());
    }

    /** Completes when a run has ended or stands the next time. Whoever asks for it looks at the store afterwards. */
    private CompletableFuture<RunResult> next(String runId) {
        return awaited.computeIfAbsent(runId, id -> new CompletableFuture<>());
    }

    private boolean isLive(String runId) {
        return engine.live(runId).isPresent();
    }

    /** A run has ended, or stands. */
    void complete(RunResult result) {
        if (!awaited.isEmpty()) {
            CompletableFuture<RunResult> waiting = awaited.remove(result.runId());
            if (waiting != null) {
                waiting.complete(result);
            }
        }
    }

    /** Nothing that is waited for will happen on this node any more. */
    void nodeGoesDown() {
        awaited.forEach((runId, waiting) -> waiting.complete(new RunResult(runId, RunState.RUNNING, null, null)));
    }
}
