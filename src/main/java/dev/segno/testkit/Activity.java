package dev.segno.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Counts what is under way in a process, so that a test knows when nothing can happen unless time goes by. Thread-safe. */
final class Activity {

    private int underWay;
    private long changes;
    private boolean abandoned;

    synchronized void begun() {
        underWay++;
        changes++;
        notifyAll();
    }

    synchronized void ended() {
        underWay--;
        notifyAll();
    }

    /** What is under way is not waited for any more. */
    synchronized void abandon() {
        abandoned = true;
        notifyAll();
    }

    /** Grows with everything that begins. */
    synchronized long changes() {
        return changes;
    }

    /** Waits until nothing is under way; {@code false} when that took longer than {@code patience} of real time. */
    synchronized boolean awaitQuiet(Duration patience) throws InterruptedException {
        return await(() -> underWay == 0 || abandoned, patience);
    }

    /** Waits until something begins, but not longer than {@code patience} of real time. */
    synchronized void awaitChange(long since, Duration patience) throws InterruptedException {
        await(() -> changes != since, patience);
    }

    private synchronized boolean await(BooleanSupplier condition, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
