package dev.segno.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run under way on this node: replays what its journal has, executes what it does not have, and records that before
 * it goes on.
 *
 * <p>Thread-safe: branches of a parallel split enter their steps at the same time.
 */
public final class Execution {
    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

    private final Engine engine;
    private final Run run;
    private final Orchestration orchestration;
    private final Journal journal;
    private final Edits edits;
    private final Optional<ParentLink> parent;

    /** Whether the journal is replayed without executing or writing anything. */
    private final boolean rehearsal;

    /** Whether another execution of this run may have come further than its journal says. */
    private final boolean resumed;

    private final Attributes attributes;
    private final OpenFailures failures = new OpenFailures();
    private final UnderWay underWay = new UnderWay();
    private final AtomicReference<@Nullable Stop> stop = new AtomicReference<>();
    private final AtomicReference<@Nullable StepRecord> last = new AtomicReference<>();
    private final CompletableFuture<RunResult> ended = new CompletableFuture<>();

    private final StepAttempts attempts;
    private final RunWaits waits;
    private final RunSagas sagas;
    private final RunEnding ending;
    private final @Nullable Instant deadline;

    /** Revision of the run on disk. */
    private final AtomicLong revision;

    /** Completes when all failures that the route handled so far are on disk. */
    private CompletableFuture<?> history = CompletableFuture.completedFuture(null);

    private volatile @Nullable LogIds logIds;

    private final CompletableFuture<Rehearsal> rehearsed = new CompletableFuture<>();

    Execution(
            Engine engine,
            Run run,
            Orchestration orchestration,
            Journal journal,
            Edits edits,
            Optional<ParentLink> parent) {
        this(engine, run, orchestration, journal, edits, parent, false, true);
    }

    /** The first execution of a run. */
    static Execution first(Engine engine, Run run, Orchestration orchestration, Optional<ParentLink> parent) {
        return new Execution(
                engine, run, orchestration, new Journal(List.of(), List.of()), Edits.NONE, parent, false, false);
    }

    private Execution(
            Engine engine,
            Run run,
            Orchestration orchestration,
            Journal journal,
            Edits edits,
            Optional<ParentLink> parent,
            boolean rehearsal,
            boolean resumed) {
        this.engine = engine;
        this.run = run;
        this.orchestration = orchestration;
        this.journal = journal;
        this.edits = edits;
        this.parent = parent;
        this.rehearsal = rehearsal;
        this.resumed = resumed;
        this.revision = new AtomicLong(run.revision());
        this.waits = new RunWaits(this, engine);
        this.sagas = new RunSagas(this, engine, run);
        this.ending = new RunEnding(this, engine, orchestration, rehearsed);
        this.attributes = Attributes.parse(run.attributes());
        this.deadline = orchestration.options().limits().deadlineOf(run);
        this.attempts = new StepAttempts(this, engine, journal, failures, underWay, deadline);
    }

    /**
     * Replays a journal without executing or writing anything.
     *
     * @param run as it would go on
     */
    static CompletableFuture<Rehearsal> rehearse(
            Engine engine, Run run, Orchestration orchestration, List<StepRecord> records, Edits edits) {
        Execution execution = new Execution(
                engine, run, orchestration, new Journal(records, List.of()), edits, Optional.empty(), true, true);
        try {
            orchestration.execute(execution);
        } catch (RuntimeException e) {
            execution.failed(e);
        }
        return execution.rehearsed;
    }

    /** Whether the journal is only looked at: nothing may have an effect now. */
    public boolean isRehearsal() {
        return rehearsal;
    }

    /**
     * Whether the run was under way before, in a process that may have ended in the middle of a step: the first try of a step
     * here may then be the second one that its service sees.
     */
    public boolean isResumed() {
        return resumed;
    }

    /** Tells a rehearsal that the route comes to something with an effect that stands outside of any step. */
    public void wouldCall(String what) {
        stop(new Stop.Rehearsed(null, what));
    }

    /** What somebody wants a step to be entered with, in the order in which it applies. */
    public List<Edit> editsOf(StepKey step) {
        return edits.of(step);
    }

    /** Number of the latest manual retry that edited a step or one around it; 0 when none did. */
    public int editedBy(StepKey step) {
        return edits.latestAround(step);
    }

    /** The run as it stood when this execution began. */
    public Run run() {
        return run;
    }

    /** The run that this one came from. */
    Optional<ParentLink> parent() {
        return parent;
    }

    public String id() {
        return run.id();
    }

    LogIds logIds() {
        LogIds known = logIds;
        if (known == null) {
            known = LogIds.of(run);
            logIds = known;
        }
        return known;
    }

    /** Attributes as they are now, on disk or not yet. */
    public Attributes attributes() {
        return attributes;
    }

    /** Steps that are being tried or rest between two tries. */
    public List<LiveStep> liveSteps() {
        return attempts.live();
    }

    /** Completes when the run has ended, is parked, blocked or suspended, after that is on disk. */
    public CompletableFuture<RunResult> ended() {
        return ended;
    }

    /** Whether the run must go no further: everything that is entered now has to end at once. */
    public boolean isStopped() {
        return stop.get() != null;
    }

    /**
     * Enters a step. {@code done} is called exactly once: at once when the step is replayed or the run is stopped,
     * else as a rule on a thread of the engine's.
     */
    public void step(StepCall call, StepBody body, Consumer<StepEnd> done) {
        visit(call, StepRecord.Kind.STEP, done, left -> attempts.attempt(call, body, left));
    }

    /** The places at which the run waits. */
    public RunWaits waits() {
        return waits;
    }

    /** What the run notes so that it can be undone. */
    public RunSagas sagas() {
        return sagas;
    }

    /**
     * Comes to a place that has, or will have, a record. A record is replayed; without one {@code open} goes on, and has to
     * call what it is given exactly once.
     */
    void visit(StepCall call, StepRecord.Kind kind, Consumer<StepEnd> done, Consumer<Consumer<StepEnd>> open) {
        if (isStopped() || !underWay.enter(call.key())) {
            done.accept(new StepEnd.Stopped());
            return;
        }
        Consumer<StepEnd> left = end -> {
            try {
                done.accept(end);
            } finally {
                underWay.leave(call.key());
            }
        };
        enter(call, kind, left, () -> open.accept(left));
    }

    /** Replays the record of a step or await, or goes on with {@code open} when there is none. */
    private void enter(StepCall call, StepRecord.Kind kind, Consumer<StepEnd> done, Runnable open) {
        StepRecord record = journal.visit(call.key(), call.insideStep());
        if (record != null) {
            if (record.kind() != kind) {
                block(
                        "Replay came to the " + name(kind) + " '" + call.key() + "', which has a record of kind "
                                + name(record.kind())
                                + ". The route is another than before. Nothing was executed.",
                        done);
                return;
            }
            failures.passed(call);
            done.accept(new StepEnd.Replayed(record));
            return;
        }
        List<StepKey> unvisited = journal.unvisitedBefore(call.key(), call.sequentialScope());
        if (!unvisited.isEmpty()) {
            block(
                    "Replay came to the " + name(kind) + " '" + call.key() + "', which has no record, while the journal"
                            + " still has records of " + unvisited
                            + " that were not reached. The route took another way"
                            + " than before, so it depends on something that is not recorded. Nothing was executed.",
                    done);
            return;
        }
        String objection = sagas.objectionTo(call);
        if (objection != null) {
            block(objection, done);
            return;
        }
        if (rehearsal) {
            stop(new Stop.Rehearsed(call.key(), null));
            done.accept(new StepEnd.Stopped());
            return;
        }
        // The next effect must not happen before the failure that led to it is history.
        CompletableFuture<?> handled = recordHandled(failures.handledBefore(call));
        if (handled.isDone() && !handled.isCompletedExceptionally()) {
            open.run();
            return;
        }
        handled.whenComplete((written, error) -> engine.continueWith(() -> {
            if (error == null) {
                open.run();
            } else {
                stopBecauseUnrecorded(error, done);
            }
        }));
    }

    private void block(String difference, Consumer<StepEnd> done) {
        stop(new Stop.Blocked(difference));
        done.accept(new StepEnd.Stopped());
    }

    private static String name(StepRecord.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** Also completes after what siblings in parallel branches of a handler are writing about the same failure. */
    private synchronized CompletableFuture<?> recordHandled(List<OpenFailures.HandledStep> handled) {
        for (OpenFailures.HandledStep step : handled) {
            if (step.call().insideStep()) {
                journal.addNested(step.record());
            }
            history = CompletableFuture.allOf(history, engine.store().record(id(), step.record()));
        }
        return history;
    }

    /**
     * Tells that a replayed step is about to fail as it did before.
     *
     * @param record what the journal says of it
     * @param again  what the route gets to see
     */
    public void failureReplayed(StepCall call, StepRecord.HandledFailure record, Throwable again) {
        failures.replayed(call, record, again);
    }

    /**
     * Tells that a clause of the route handles a failure: the route goes on as if nothing had happened.
     *
     * @param caught the failure, or one that it caused
     * @param clause id of the clause; by it a replay finds the clause again
     */
    public void failureTaken(@Nullable Throwable caught, String clause) {
        failures.taken(caught, clause);
    }

    /** Whether a failure is that of a step, and no clause of the route handles it. */
    public boolean isFailurePending(@Nullable Throwable caught) {
        return failures.isPending(caught);
    }

    /**
     * Tells that a handler of the route begins to work on a failure. If no clause has taken the failure by now, the
     * handler does not handle it: the step stays open, whatever the handler does.
     *
     * @param scope   in which the handler stands
     * @param segment what it is, one of {@link Scopes}
     * @param clause  id of its clause; null when it is none
     * @return the segment of its steps: with the number of the manual retry under which the failure happened, so that
     *     what fails again after a retry is handled anew
     */
    public String beginHandler(String scope, String segment, @Nullable String clause, @Nullable Throwable caught) {
        return failures.begin(scope, segment, clause, caught, run.retries());
    }

    /**
     * A container has ended before all of its branches did, because one of them failed: those that were not reached are
     * given up, those under way begin no further step.
     *
     * @param then called when no step is under way in them any more
     */
    public void abandonBranches(String container, Runnable then) {
        underWay.close(container, () -> {
            journal.skip(container);
            then.run();
        });
        attempts.wakeAbandoned();
    }

    /**
     * Ends the run where it is, as completed; it goes on as a fresh run, with an empty journal. Everything that is entered
     * from now on has to end at once.
     *
     * @param input of the fresh run
     */
    public void goOnAfresh(Payload.Inline input) {
        stop(new Stop.WentOn(input));
    }

    /** The route has come to its end. */
    public void completed(Payload output) {
        ending.end(null, output);
    }

    /** The route has failed and did not handle it. */
    public void failed(Throwable failure) {
        ending.end(failure, null);
    }

    /**
     * The first reason counts, but that a renewal gives way to any other. Steps that rest between two tries end now, those
     * in the middle of one finish it.
     */
    void stop(Stop reason) {
        Stop before = stop.getAndUpdate(known -> known == null || known instanceof Stop.Renewed ? reason : known);
        if (before == null) {
            attempts.wakeAll();
        }
    }

    /** Why this execution goes no further; null if it does. */
    @Nullable
    Stop stopReason() {
        return stop.get();
    }

    /** By when the run has to be over; null when it may take its time. */
    @Nullable
    Instant deadline() {
        return deadline;
    }

    /** How long a step may take until the run has to be over, zero if it is late; empty where it may take its time. */
    public Optional<Duration> timeLeft(StepKey step) {
        return attempts.timeLeft(step);
    }

    /** A step has done its work, which is recorded now. */
    void succeeded(StepCall call, StepRecord record, Consumer<StepEnd> done) {
        failures.covered(call.key());
        journal.close(call.key());
        journal.forgetAttempts(call.key());
        if (call.last()) {
            last.set(record);
            done.accept(new StepEnd.Executed());
            return;
        }
        if (orchestration.options().durability() == Orchestration.Durability.RELAXED) {
            record(call, record).whenComplete((written, error) -> {
                if (error != null) {
                    engine.continueWith(() -> stopBecauseUnrecorded(error, end -> {}));
                } else {
                    engine.changed(id());
                }
            });
            done.accept(new StepEnd.Executed());
            return;
        }
        write(call, record, new StepEnd.Executed(), done);
    }

    private CompletableFuture<Void> record(StepCall call, StepRecord record) {
        if (call.insideStep()) {
            journal.addNested(record);
        }
        return engine.store().record(id(), record);
    }

    /** Tells {@code end} when the record is on disk. */
    void write(StepCall call, StepRecord record, StepEnd end, Consumer<StepEnd> done) {
        record(call, record)
                .whenComplete((written, error) -> engine.continueWith(() -> {
                    if (error == null) {
                        engine.changed(id());
                        done.accept(end);
                    } else {
                        stopBecauseUnrecorded(error, done);
                    }
                }));
    }

    void stopBecauseUnrecorded(Throwable error, Consumer<StepEnd> done) {
        Throwable cause = Engine.unwrap(error);
        if (cause instanceof DuplicateRecord) {
            stop(new Stop.Blocked(cause.getMessage() + ". Two places of the route have the same key."));
        } else {
            LOG.error("Run {} is suspended: a record could not be written", id(), cause);
            stop(new Stop.Suspended("a record could not be written"));
        }
        done.accept(new StepEnd.Stopped());
    }

    void saveAttributes() {
        attributes
                .takeChanges()
                .ifPresent(json -> engine.store().saveAttributes(id(), json).whenComplete((ok, error) -> {
                    if (error != null) {
                        LOG.warn("Attributes of run {} were not saved; they go with its next record", id(), error);
                    } else {
                        engine.changed(id());
                    }
                }));
    }

    /** A change of the run as it is on disk now, with the attributes that are not yet there. */
    StateChange changeTo(RunState next, List<StepRecord> records, @Nullable Payload output, @Nullable StepError error) {
        return new StateChange(
                id(),
                revision.get(),
                next,
                records,
                output,
                error,
                attributes.takeChanges().orElse(null),
                false,
                engine.clock().instant());
    }

    /** The change that completes the run, with all of its attributes. */
    StateChange lastChange(List<StepRecord> records, @Nullable Payload output) {
        return new StateChange(
                id(),
                revision.get(),
                RunState.COMPLETED,
                records,
                output,
                null,
                attributes.toJson(),
                false,
                engine.clock().instant());
    }

    /** The record of the step that ends the run: it is written together with the end. Null when there is none. */
    @Nullable
    StepRecord lastRecord() {
        return last.get();
    }

    /** The step whose failure a failure is, or was caused by. */
    StepError errorOf(Throwable failure) {
        return failures.errorOf(failure).orElseGet(() -> StepError.of(failure, null));
    }

    /** The failures that are history from now on, because the run does not come back to their steps. */
    List<StepRecord> takeHandled() {
        return failures.handledAtEnd().stream()
                .map(OpenFailures.HandledStep::record)
                .toList();
    }

    /** Whether a failure of the run undoes its sagas at once. */
    boolean isUndoneOnFailure() {
        return orchestration.onFailure(run) == Orchestration.OnFailure.COMPENSATE;
    }

    long revision() {
        return revision.get();
    }

    /** The run is one revision further on disk. */
    void changed() {
        revision.incrementAndGet();
    }

    /** What is wrong with a route that has come to its end; null when nothing is. */
    @Nullable
    String leftOver() {
        List<StepKey> unvisited = journal.unvisitedAtEnd();
        return unvisited.isEmpty()
                ? null
                : "Replay came to the end of the route while the journal still has records of " + unvisited
                        + " that were not reached.";
    }
}
