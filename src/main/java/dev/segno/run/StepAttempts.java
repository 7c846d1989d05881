package dev.segno.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tries of a run's steps: those under way, the rests between them, and the deadline up to which there are any. Thread-safe.
 */
final class StepAttempts {
    private static final Logger LOG = LoggerFactory.getLogger(StepAttempts.class);

    private final Execution execution;
    private final Engine engine;
    private final Run run;
    private final Journal journal;
    private final OpenFailures failures;
    private final UnderWay underWay;
    private final @Nullable Instant deadline;

    private final Map<StepKey, LiveStep> live = new ConcurrentHashMap<>();
    private final Map<StepKey, Runnable> resting = new ConcurrentHashMap<>();

    /** @param deadline by when the run has to be over; null when it may take its time */
    StepAttempts(
            Execution execution,
            Engine engine,
            Journal journal,
            OpenFailures failures,
            UnderWay underWay,
            @Nullable Instant deadline) {
        this.execution = execution;
        this.engine = engine;
        this.run = execution.run();
        this.journal = journal;
        this.failures = failures;
        this.underWay = underWay;
        this.deadline = deadline;
    }

    /** Steps that are being tried or rest between two tries. */
    List<LiveStep> live() {
        return List.copyOf(live.values());
    }

    /** Ends all rests: what wakes finds out why. */
    void wakeAll() {
        resting.values().forEach(engine::continueWith);
    }

    /** Ends the rests in branches that were given up. */
    void wakeAbandoned() {
        resting.forEach((key, wake) -> {
            if (underWay.isClosed(key)) {
                engine.continueWith(wake);
            }
        });
    }

    /** Tries a step, as often as its policy says. {@code done} is called exactly once. */
    void attempt(StepCall call, StepBody body, Consumer<StepEnd> done) {
        if (execution.isStopped() || underWay.isClosed(call.key())) {
            live.remove(call.key());
            done.accept(new StepEnd.Stopped());
            return;
        }
        failures.enter(call.key());
        underWay.reopen(call.key());
        int number = journal.failures(call.key()) + 1;
        Instant startedAt = engine.clock().instant();
        if (deadline != null && !startedAt.isBefore(deadline) && isGoingForward(call.key())) {
            DeadlineExceeded late = new DeadlineExceeded(deadline);
            StepError error = StepError.of(late, call.key());
            Attempt attempt = new Attempt(call.key(), number, run.retries(), startedAt, startedAt, error);
            attemptFailed(call, body, attempt, new StepBody.Failed(late, Verdict.NEVER, RetryPolicy.ONCE), done);
            return;
        }
        live.put(call.key(), new LiveStep(call.key(), number, startedAt, null));
        execution.saveAttributes();
        engine.failpoints().pass(Failpoint.STEP_BEFORE_EFFECT);
        body.attempt(number, result -> {
            engine.failpoints().pass(Failpoint.STEP_AFTER_EFFECT);
            if (Scopes.isOfCompensation(call.key().path())) {
                engine.failpoints().pass(Failpoint.COMPENSATION_AFTER_EFFECT);
            }
            Instant endedAt = engine.clock().instant();
            if (!(result instanceof StepBody.Abandoned)) {
                engine.tried(run, call.key(), startedAt, endedAt, result instanceof StepBody.Failed);
            }
            if (result instanceof StepBody.Succeeded succeeded) {
                StepRecord.Outcome outcome = new StepRecord.Completed(succeeded.body(), succeeded.changes());
                execution.saveAttributes();
                live.remove(call.key());
                execution.succeeded(call, new StepRecord(call.key(), number, startedAt, endedAt, outcome), done);
            } else if (result instanceof StepBody.Failed failed) {
                StepError error = StepError.of(failed.error(), call.key());
                Attempt attempt = new Attempt(call.key(), number, run.retries(), startedAt, endedAt, error);
                attemptFailed(call, body, attempt, failed, done);
            } else {
                live.remove(call.key());
                done.accept(new StepEnd.Stopped());
            }
        });
    }

    /** Neither handles a failure nor undoes anything: that goes on after the deadline, whose failure may have led to it. */
    private boolean isGoingForward(StepKey key) {
        return !Scopes.isOfHandler(key.path())
                && !Scopes.isOfCompensation(key.path())
                && !execution.sagas().isCompensating();
    }

    /** How long a step may take until the run has to be over, zero if it is late; empty where it may take its time. */
    Optional<Duration> timeLeft(StepKey step) {
        if (deadline == null || !isGoingForward(step)) {
            return Optional.empty();
        }
        Duration left = Duration.between(engine.clock().instant(), deadline);
        return Optional.of(left.isNegative() ? Duration.ZERO : left);
    }

    private void attemptFailed(
            StepCall call, StepBody body, Attempt attempt, StepBody.Failed failed, Consumer<StepEnd> done) {
        execution.saveAttributes();
        journal.add(attempt);
        engine.store()
                .recordAttempt(run.id(), attempt)
                .whenComplete((ok, error) -> engine.continueWith(() -> {
                    engine.changed(run.id());
                    int used = journal.failuresUnder(call.key(), run.retries());
                    if (error != null) {
                        execution.stopBecauseUnrecorded(error, done);
                    } else if (execution.isStopped()) {
                        live.remove(call.key());
                        done.accept(new StepEnd.Stopped());
                    } else if (failed.verdict().retryable()
                            && used < failed.policy().maxAttempts()) {
                        Duration delay = failed.policy().delayAfter(used, engine.random());
                        Duration asked = failed.verdict().retryAfter().orElse(Duration.ZERO);
                        rest(call, body, attempt, delay.compareTo(asked) >= 0 ? delay : asked, done);
                    } else {
                        live.remove(call.key());
                        failures.add(call, attempt, failed.error());
                        done.accept(new StepEnd.Failed(failed.error()));
                    }
                }));
    }

    private void rest(StepCall call, StepBody body, Attempt failed, Duration wanted, Consumer<StepEnd> done) {
        Instant now = engine.clock().instant();
        // No longer than to the deadline, so that the run then fails without delay.
        Instant next = deadline != null && now.plus(wanted).isAfter(deadline) && now.isBefore(deadline)
                ? deadline
                : now.plus(wanted);
        Duration delay = Duration.between(now, next);
        try (LogIds.Scope ids = LogIds.enter(execution, call.key())) {
            LOG.info(
                    "Run {} step {}: attempt {} failed ({}), next one in {} ms",
                    run.id(),
                    call.key(),
                    failed.number(),
                    failed.error().message(),
                    delay.toMillis());
        }
        live.put(call.key(), new LiveStep(call.key(), failed.number(), failed.startedAt(), next));
        AtomicBoolean woken = new AtomicBoolean();
        Runnable wake = () -> {
            if (woken.compareAndSet(false, true)) {
                resting.remove(call.key());
                attempt(call, body, done);
            }
        };
        resting.put(call.key(), wake);
        if (execution.isStopped() || underWay.isClosed(call.key())) {
            wake.run();
        } else {
            engine.after(delay, wake);
        }
    }
}
