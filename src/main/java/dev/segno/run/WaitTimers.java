package dev.segno.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the waits whose time is up. They stand in the store alone; in memory there is one alarm, for the next of them,
 * however many runs wait. Thread-safe.
 *
 * <p>No wait ends early: the clock decides, not the alarm. A clock that was put forward is noticed within {@link
 * #LONGEST_LOOK_AWAY}.
 */
final class WaitTimers {
    private static final Logger LOG = LoggerFactory.getLogger(WaitTimers.class);

    /** Alarms go by elapsed time, and the clock can be changed meanwhile. */
    static final Duration LONGEST_LOOK_AWAY = Duration.ofSeconds(30);

    private static final int AT_ONCE = 500;
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Engine engine;
    private final Consumer<String> resume;

    /** When the alarm goes off that was set last; null when none is set. */
    private @Nullable Instant alarm;

    /** @param resume lets a run go on whose wait has ended */
    WaitTimers(Engine engine, Consumer<String> resume) {
        this.engine = engine;
        this.resume = resume;
    }

    /** A wait has begun, or may have been found in the store. */
    void watch(@Nullable Instant until) {
        if (until == null) {
            return;
        }
        Instant now = engine.clock().instant();
        Duration left = Duration.between(now, until);
        Duration delay = left.compareTo(LONGEST_LOOK_AWAY) > 0 ? LONGEST_LOOK_AWAY : left;
        Instant next = now.plus(delay.compareTo(SHORTEST) < 0 ? SHORTEST : delay);
        synchronized (this) {
            if (alarm != null && !next.isBefore(alarm) && alarm.isAfter(now)) {
                return;
            }
            alarm = next;
        }
        engine.after(Duration.between(now, next), () -> ring(next));
    }

    /** Looks into the store, at the start and whenever an alarm went off. */
    void look() {
        try {
            Instant now = engine.clock().instant();
            List<RunStore.DueWait> due = engine.store().dueWaits(now, AT_ONCE);
            if (due.isEmpty()) {
                Optional<Instant> next = engine.store().nextDue();
                next.ifPresent(this::watch);
                return;
            }
            CompletableFuture<?>[] ends =
                    due.stream().map(wait -> end(wait, now)).toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(ends).whenComplete((ended, error) -> {
                if (error == null) {
                    engine.continueWith(this::look);
                } else {
                    lookLater(error);
                }
            });
        } catch (StoreUnavailable e) {
            lookLater(e);
        }
    }

    private CompletableFuture<?> end(RunStore.DueWait wait, Instant now) {
        engine.failpoints().pass(Failpoint.TIMER_BEFORE_END);
        return engine.store().timeOut(wait.runId(), wait.key(), now).thenAccept(ended -> {
            if (ended) {
                engine.failpoints().pass(Failpoint.TIMER_AFTER_END);
                resume.accept(wait.runId());
            }
        });
    }

    private void lookLater(Throwable error) {
        LOG.error("Waits whose time is up could not be ended; that is tried again", error);
        watch(engine.clock().instant().plus(LONGEST_LOOK_AWAY));
    }

    private void ring(Instant set) {
        synchronized (this) {
            if (!set.equals(alarm)) {
                return;
            }
            alarm = null;
        }
        look();
    }
}
