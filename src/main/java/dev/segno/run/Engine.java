package dev.segno.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts runs, keeps those that are under way on this node, and brings them back after a crash. Thread-safe.
 */
public final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final String SHUTTING_DOWN = "This node is shutting down";

    private final RunStore store;
    private final Orchestrations orchestrations;
    private final Clock clock;
    private final Scheduler scheduler;
    private final Executor executor;
    private final RandomGenerator random;
    private final Supplier<String> runIds;

    private final Map<String, Execution> live = new ConcurrentHashMap<>();
    private final Failpoints failpoints = Failpoints.fromEnvironment();
    private final RunAudience audience;
    private final Admissions admissions = new Admissions(this);
    private final Chains chains = new Chains(this);
    private final Cancels cancels = new Cancels(this, admissions, chains);
    private final RunResults results = new RunResults(this, chains);
    private final RunStarts starts = new RunStarts(this, admissions);
    private final WaitTimers timers = new WaitTimers(this, runId -> continueWith(() -> resume(runId)));
    private volatile boolean suspended;

    /**
     * @param executor on which runs go on; must not run its tasks on the calling thread
     * @param runIds   gives sortable ids, no two alike
     */
    public Engine(
            RunStore store,
            Orchestrations orchestrations,
            Clock clock,
            Scheduler scheduler,
            Executor executor,
            RandomGenerator random,
            Supplier<String> runIds) {
        this.store = store;
        this.orchestrations = orchestrations;
        this.clock = clock;
        this.scheduler = scheduler;
        this.executor = executor;
        this.random = random;
        this.runIds = runIds;
        this.audience = new RunAudience(executor);
    }

    /**
     * A start that was decided on.
     *
     * @param engine  that decided
     * @param outcome what the store said
     */
    public record Start(Engine engine, StartOutcome outcome) {

        /** As {@link Engine#result} of the run that the outcome names. */
        public CompletableFuture<RunResult> ended() {
            return engine.result(outcome.runId());
        }
    }

    /**
     * Starts a run. Completes after the run is on disk, before its first step; fails with {@link UnknownOrchestration}
     * or {@link StoreUnavailable}, or {@link RunConflict} when the orchestration is switched off.
     */
    public CompletableFuture<Start> start(StartRequest request) {
        return starts.start(request);
    }

    /** Completes when a run that was just started is under way; null when none of that id is being started. */
    @Nullable
    CompletableFuture<Void> beingStarted(String runId) {
        return starts.underWay(runId);
    }

    /**
     * Completes when a run has ended, is parked or blocked; at once if it is so already. A run that waits has not ended, and
     * one that goes on as another ends with that.
     * Fails with {@link UnknownRun}. With {@link RunState#RUNNING} as its state the result says that this node goes down.
     */
    public CompletableFuture<RunResult> result(String runId) {
        return results.when(runId, state -> state.isFinal() || isStanding(state));
    }

    /** As {@link #result}, but goes on waiting while the run is parked or blocked. */
    public CompletableFuture<RunResult> finalResult(String runId) {
        return results.when(runId, RunState::isFinal);
    }

    /** The run under way on this node. */
    public Optional<Execution> live(String runId) {
        return Optional.ofNullable(live.get(runId));
    }

    /** Number of runs under way on this node. */
    public int liveCount() {
        return live.size();
    }

    /**
     * Cancels a run: no further step begins, the one under way is recorded. Completes with the state that the run has
     * then.
     *
     * @throws UnknownRun  if there is none
     * @throws RunConflict if it has ended
     */
    public CompletableFuture<RunResult> cancel(String runId) {
        return cancels.cancel(runId);
    }

    /**
     * Sends a signal into a run, or into the one in which it went on. Completes when it is on disk.
     */
    public CompletableFuture<SignalOutcome> signal(Signal signal) {
        failpoints.pass(Failpoint.SIGNAL_BEFORE_RECORD);
        return store.signal(signal).thenCompose(outcome -> {
            failpoints.pass(Failpoint.SIGNAL_AFTER_RECORD);
            if (outcome instanceof SignalOutcome.Delivered) {
                goOn(signal.runId());
            }
            return outcome instanceof SignalOutcome.TooLate late
                    ? signalNewest(signal, late)
                    : CompletableFuture.completedFuture(outcome);
        });
    }

    private CompletableFuture<SignalOutcome> signalNewest(Signal signal, SignalOutcome.TooLate late) {
        return CompletableFuture.supplyAsync(() -> chains.after(signal.runId(), late.state()), executor)
                .thenCompose(newest ->
                        newest.isPresent() ? signal(signal.to(newest.get())) : CompletableFuture.completedFuture(late));
    }

    /** The clock that runs go by. */
    public Instant now() {
        return clock.instant();
    }

    static boolean isStanding(RunState state) {
        return state == RunState.PARKED || state == RunState.BLOCKED;
    }

    /**
     * Retries a parked or blocked run from its first step without a record, with the tries granted anew. Completes when
     * that is on disk.
     *
     * @throws UnknownRun  if there is none
     * @throws RunConflict if it does not stand, or if another run of its singleton is under way
     */
    public CompletableFuture<Void> retry(String runId) {
        return deadLetters().retry(RetryRequest.of(runId));
    }

    /** What can be done with runs that stand. */
    public DeadLetters deadLetters() {
        return new DeadLetters(this);
    }

    CompletableFuture<Void> move(Run run, RunState next, @Nullable StepError error, boolean manualRetry) {
        StateChange change = new StateChange(
                run.id(), run.revision(), next, List.of(), null, error, null, manualRetry, clock.instant());
        return change(run, change).thenRun(() -> audience.ended(run, next, clock.instant()));
    }

    CompletableFuture<Void> change(Run run, StateChange change) {
        return store.change(change).thenAccept(applied -> {
            if (!applied) {
                throw new RunConflict("Run " + run.id() + " was changed meanwhile, or another run of '"
                        + run.orchestration() + "' is under way; look at it again");
            }
        });
    }

    /** Lets every run go on that was under way when the node went down. Returns how many there are. */
    public int recover() {
        List<String> runIdsToResume = store.resumable();
        for (String runId : runIdsToResume) {
            continueWith(() -> resume(runId));
        }
        continueWith(timers::look);
        continueWith(admissions::recover);
        continueWith(() -> store.endedButAwaited().forEach(this::wake));
        continueWith(() -> store.openChildrenOfCancelled().forEach(cancels::cancelChild));
        if (!runIdsToResume.isEmpty()) {
            LOG.info("{} unfinished run(s) go on", runIdsToResume.size());
        }
        return runIdsToResume.size();
    }

    /**
     * A version was built anew: its runs that are under way change over to that. Each finishes and records the step that
     * it is in, and then starts its route from the journal.
     */
    public void renew(String orchestration, String version) {
        for (Execution execution : live.values()) {
            Run run = execution.run();
            if (run.orchestration().equals(orchestration) && run.version().equals(version)) {
                execution.stop(new Stop.Renewed());
            }
        }
    }

    /** Who waits for the run's end goes on waiting. */
    void renewed(Execution execution) {
        live.remove(execution.id(), execution);
        resume(execution.id());
        Execution next = live.get(execution.id());
        if (next != null && execution.stopReason() instanceof Stop.Cancelled cancelled) {
            // It came when the execution before was leaving already.
            next.stop(cancelled);
        }
        CompletableFuture<RunResult> ended = next == null ? result(execution.id()) : next.ended();
        ended.whenComplete((result, error) -> {
            if (error != null) {
                execution.ended().completeExceptionally(error);
            } else {
                execution.ended().complete(result);
            }
        });
    }

    /** A run was changed so that it goes on. */
    void goOn(String runId) {
        changed(runId);
        continueWith(() -> resume(runId));
    }

    private void resume(String runId) {
        if (suspended) {
            return;
        }
        if (starts.underWay(runId) != null) {
            // Found on disk before its start was answered: it begins by itself.
            return;
        }
        Execution leaving = live.get(runId);
        if (leaving != null) {
            // A retry may come between the write of the state that it asks for and the end of the execution before.
            leaving.ended().whenComplete((result, error) -> continueWith(() -> resume(runId)));
            return;
        }
        Optional<Run> found = store.find(runId);
        if (found.isEmpty() || !found.get().state().isResumable()) {
            return;
        }
        Run run = found.get();
        Orchestration orchestration;
        try {
            orchestration = orchestrations.version(run.orchestration(), run.version());
        } catch (Orchestrations.UnknownVersion e) {
            StepError error = StepError.of(e, null);
            LOG.error("Run {} is blocked: {}", runId, error.message());
            move(run, RunState.BLOCKED, error, false).whenComplete((ok, failure) -> changed(runId));
            return;
        }
        Execution execution = new Execution(
                this,
                run,
                orchestration,
                new Journal(store.journal(runId), store.attempts(runId)),
                run.retries() == 0 ? Edits.NONE : new Edits(store.deadLetters().edits(runId)),
                store.parentOf(runId));
        if (live.putIfAbsent(runId, execution) == null) {
            Optional<Run> now = store.find(runId);
            if (now.isPresent() && now.get().revision() != run.revision()) {
                // Somebody has changed it since it was read, and may not have seen that it comes back.
                live.remove(runId, execution);
                execution.ended().complete(RunResult.of(now.get()));
                continueWith(() -> resume(runId));
                return;
            }
            store.limits().keyOf(runId).ifPresent(key -> admissions.began(runId, key));
            stopIfSuspended(execution);
            cancels.cameBack(execution);
            execute(orchestration, execution);
        }
    }

    void waits(Wait wait) {
        timers.watch(wait.until());
    }

    /** Lets the runs go on that waited for the end of this one. */
    private void wake(String endedRunId) {
        store.wake(endedRunId).whenComplete((runIds, error) -> {
            if (error != null) {
                LOG.error("Runs that wait for the end of {} go on after a restart", endedRunId, error);
            } else {
                for (String runId : runIds) {
                    changed(runId);
                    continueWith(() -> resume(runId));
                }
            }
        });
    }

    /** A run is under way on this node from now on. */
    void takeUp(Execution execution) {
        live.put(execution.id(), execution);
    }

    /** What came in while the node was being suspended must not begin. */
    void stopIfSuspended(Execution execution) {
        if (suspended) {
            execution.stop(new Stop.Suspended(SHUTTING_DOWN));
        }
    }

    static void execute(Orchestration orchestration, Execution execution) {
        try {
            orchestration.execute(execution);
        } catch (RuntimeException e) {
            execution.failed(e);
        }
    }

    /**
     * Takes no new runs and lets no further step begin; the steps under way finish and are recorded. The runs go on
     * after the next start.
     *
     * @return completes when no run is under way any more
     */
    public CompletableFuture<Void> suspend() {
        suspended = true;
        CompletableFuture<?>[] open = live.values().stream()
                .map(execution -> {
                    execution.stop(new Stop.Suspended(SHUTTING_DOWN));
                    return execution.ended();
                })
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(open).thenRun(results::nodeGoesDown);
    }

    /**
     * Calls {@code onChange} after each durable change of a run, and when its attributes change.
     *
     * @return ends that
     */
    public AutoCloseable follow(String runId, Runnable onChange) {
        return audience.follow(runId, onChange);
    }

    /** How many follow runs of this node. */
    public int followers() {
        return audience.followers();
    }

    /** Tells an observer of all that happens to runs from now on. */
    public void observe(RunObserver observer) {
        audience.observe(observer);
    }

    void tried(Run run, StepKey step, Instant startedAt, Instant endedAt, boolean failed) {
        audience.tried(run, step, startedAt, endedAt, failed);
    }

    void changed(String runId) {
        audience.changed(runId);
    }

    public RunStore store() {
        return store;
    }

    void left(Execution execution, RunResult result) {
        live.remove(execution.id(), execution);
        audience.ended(execution.run(), result.state(), clock.instant());
        if (result.state() != RunState.RUNNING) {
            admissions.left(execution.id());
        }
        if (result.state() != RunState.COMPLETED && result.state() != RunState.WAITING) {
            StepError error = result.error();
            StepKey step = error == null || error.step() == null ? null : new StepKey(error.step());
            try (LogIds.Scope ids = LogIds.enter(execution, step)) {
                LOG.info(
                        "Run {} of {} is {}{}",
                        result.runId(),
                        execution.run().orchestration(),
                        result.state(),
                        error == null ? "" : " at " + error.step() + ": " + error.message());
            }
        }
        execution.ended().complete(result);
        tell(result, execution.parent());
    }

    void tell(RunResult result, Optional<ParentLink> parent) {
        String runId = result.runId();
        changed(runId);
        if (result.state() != RunState.WAITING) {
            results.complete(result);
        }
        if (result.state() == RunState.CANCELLED) {
            continueWith(() -> store.childrenOf(runId, ParentLink.Kind.CHILD).forEach(cancels::cancelChild));
        }
        String fresh = result.next();
        if (fresh != null) {
            goOn(fresh);
        }
        if (result.state().isFinal()
                && fresh == null
                && parent.filter(link -> link.kind() == ParentLink.Kind.CHILD).isPresent()) {
            wake(runId);
        }
    }

    Chains chains() {
        return chains;
    }

    Orchestrations orchestrations() {
        return orchestrations;
    }

    String newRunId() {
        return runIds.get();
    }

    boolean isSuspended() {
        return suspended;
    }

    void requireRunning() {
        if (suspended) {
            throw new StoreUnavailable(SHUTTING_DOWN);
        }
    }

    Failpoints failpoints() {
        return failpoints;
    }

    Clock clock() {
        return clock;
    }

    RandomGenerator random() {
        return random;
    }

    /** Runs something later on a thread of the engine's, without holding one meanwhile. */
    public void after(Duration delay, Runnable task) {
        scheduler.after(delay, () -> continueWith(task));
    }

    /** As {@link Scheduler#completeAfter}, on a thread of the engine's. */
    public <T> void completeAfter(Duration delay, CompletableFuture<T> future, T value) {
        Scheduler own = this::after;
        own.completeAfter(delay, future, value);
    }

    RunAudience audience() {
        return audience;
    }

    Executor executor() {
        return executor;
    }

    void continueWith(Runnable task) {
        executor.execute(task);
    }

    static Throwable unwrap(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
