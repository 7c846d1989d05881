package dev.segno.camel.service;

import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * The time that calls take and wait. A call is under way from {@link #begun()} to {@link #rests()}, and again when what it
 * handed to {@link #after} runs. Implementations are thread-safe.
 */
public interface CallTimes {

    /** Runs {@code task} once, {@code delay} from now. Returns what prevents that, if it has not begun. */
    Runnable after(Duration delay, Runnable task);

    /** Elapsed time in nanoseconds from an origin of its own. */
    long nanoTime();

    /** A call is under way. */
    void begun();

    /** A call is over, or goes on only when something that it handed to {@link #after} runs. */
    void rests();

    /** The time that goes by outside. */
    static CallTimes of(Vertx vertx) {
        return new CallTimes() {
            @Override
            public Runnable after(Duration delay, Runnable task) {
                long timer = vertx.setTimer(Math.max(1, delay.toMillis()), id -> task.run());
                return () -> vertx.cancelTimer(timer);
            }

            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void begun() {}

            @Override
            public void rests() {}
        };
    }
}
