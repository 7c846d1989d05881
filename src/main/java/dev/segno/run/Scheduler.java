package dev.segno.run;

import java.time.Duration;

/** Runs something later, without holding a thread meanwhile. */
@FunctionalInterface
public interface Scheduler {

    /** Runs {@code task} once, {@code delay} from now, on a thread of its own choosing. */
    void after(Duration delay, Runnable task);
}
