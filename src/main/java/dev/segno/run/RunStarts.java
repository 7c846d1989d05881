package dev.segno.run;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The starts of runs, from the request to the moment in which a run is under way. Thread-safe. */
final class RunStarts {

    private final Engine engine;
    private final Admissions admissions;

    /** Runs between their start and their being under way, in which nobody may take them for forgotten ones. */
    private final Map<String, CompletableFuture<Void>> starting = new ConcurrentHashMap<>();

    RunStarts(Engine engine, Admissions admissions) {
        this.engine = engine;
        this.admissions = admissions;
    }

    /** Completes when a run that was just started is under way; null when none of that id is being started. */
    @Nullable
    CompletableFuture<Void> underWay(String runId) {
        return starting.get(runId);
    }

    /** As {@link Engine#start}. */
    CompletableFuture<Engine.Start> start(StartRequest request) {
        Optional<Orchestration> found;
        try {
            found = engine.orchestrations().current(request.orchestration());
        } catch (RunConflict e) {
            return CompletableFuture.failedFuture(e);
        }
        if (found.isEmpty()) {
            return CompletableFuture.failedFuture(new UnknownOrchestration(request.orchestration()));
        }
        try {
            engine.requireRunning();
        } catch (StoreUnavailable e) {
            return CompletableFuture.failedFuture(e);
        }
        Orchestration orchestration = found.get();
        Slot slot;
        try {
            slot = Slot.of(orchestration, request.input(), request.headers());
        } catch (InvalidStart e) {
            return CompletableFuture.failedFuture(e);
        }
        NewRun newRun = new NewRun(
                engine.newRunId(),
                orchestration.name(),
                orchestration.version(),
                RunState.RUNNING,
                request.input(),
                request.headers(),
                request.startKey(),
                request.startKey() == null ? null : fingerprint(request),
                orchestration.options().singleton() ? orchestration.name() : null,
                engine.now(),
                request.parent(),
                slot);
        starting.put(newRun.id(), new CompletableFuture<>());
        // Not on the store's thread: what follows may take long, and the next group of writes must not wait for it.
        return engine.store()
                .start(newRun)
                .thenApplyAsync(outcome -> begin(newRun, orchestration, outcome), engine.executor())
                .whenComplete((start, error) -> started(newRun.id()));
    }

    /** From now on a run is under way, or it never will be. */
    private void started(String runId) {
        CompletableFuture<Void> over = starting.remove(runId);
        if (over != null) {
            over.complete(null);
        }
    }

    private Engine.Start begin(NewRun newRun, Orchestration orchestration, StartOutcome decided) {
        StartOutcome outcome = decided;
        if (outcome instanceof StartOutcome.Started || outcome instanceof StartOutcome.Queued) {
            engine.audience().started(newRun);
        }
        Slot slot = newRun.slot();
        if (outcome instanceof StartOutcome.Busy busy
                && orchestration.options().limits().whenBusy() == Limits.WhenBusy.JOIN) {
            outcome = new StartOutcome.Existing(busy.runId());
        }
        if (outcome instanceof StartOutcome.Queued && slot != null) {
            admissions.queued(newRun.id(), slot.key(), slot.limits().deadlineAfter(newRun.createdAt()));
        }
        if (outcome instanceof StartOutcome.Started) {
            engine.failpoints().pass(Failpoint.RUN_AFTER_START);
            Run run = new Run(
                    newRun.id(),
                    newRun.orchestration(),
                    newRun.version(),
                    newRun.state(),
                    0,
                    newRun.input(),
                    newRun.headers(),
                    newRun.startKey(),
                    newRun.inputHash(),
                    newRun.singletonKey(),
                    0,
                    null,
                    null,
                    "{}",
                    newRun.createdAt(),
                    newRun.createdAt(),
                    null);
            Execution execution = Execution.first(engine, run, orchestration, Optional.ofNullable(newRun.parent()));
            engine.takeUp(execution);
            if (slot != null) {
                admissions.began(run.id(), slot.key());
            }
            engine.stopIfSuspended(execution);
            started(run.id());
            engine.continueWith(() -> Engine.execute(orchestration, execution));
        }
        return new Engine.Start(engine, outcome);
    }

    private static String fingerprint(StartRequest request) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(request.input().kind().name().getBytes(StandardCharsets.UTF_8));
            digest.update(request.input().bytes());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
