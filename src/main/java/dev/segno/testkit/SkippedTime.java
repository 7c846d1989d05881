package dev.segno.testkit;

import dev.segno.camel.service.CallTimes;
import dev.segno.run.Scheduler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/** A clock that stands still until it is moved, and the timers that go off by it. Thread-safe. */
final class SkippedTime extends Clock implements Scheduler {

    private record Timer(Instant due, long number, Runnable task) {}

    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparing(Timer::due).thenComparing(Timer::number));
    private final Instant begin;
    private Instant now;
    private long timersSet;

    SkippedTime(Instant begin) {
        this.begin = begin;
        this.now = begin;
    }

    @Override
    public void after(Duration delay, Runnable task) {
        set(delay, task);
    }

    private synchronized Timer set(Duration delay, Runnable task) {
        Timer timer = new Timer(now.plus(delay), timersSet++, task);
        timers.add(timer);
        return timer;
    }

    private synchronized void cancel(Timer timer) {
        timers.remove(timer);
    }

    /** When the next timer goes off. */
    synchronized Optional<Instant> next() {
        return Optional.ofNullable(timers.peek()).map(Timer::due);
    }

    /** Moves the clock, and lets what is due by then go off, in its order. */
    void advanceTo(Instant to) {
        for (Optional<Timer> due = takeDue(to); due.isPresent(); due = takeDue(to)) {
            due.get().task().run();
        }
        synchronized (this) {
            now = to.isAfter(now) ? to : now;
        }
    }

    private synchronized Optional<Timer> takeDue(Instant to) {
        Timer first = timers.peek();
        if (first == null || first.due().isAfter(to)) {
            return Optional.empty();
        }
        timers.remove();
        now = first.due().isAfter(now) ? first.due() : now;
        return Optional.of(first);
    }

    /** The process is gone that set the timers. */
    synchronized void forget() {
        timers.clear();
    }

    /** The time of a process's calls; one that rests is no activity. */
    CallTimes ofCalls(Activity activity) {
        return new CallTimes() {
            @Override
            public Runnable after(Duration delay, Runnable task) {
                // Goes off only when nothing is under way: the call rested, and now goes on.
                Timer timer = set(delay, () -> {
                    activity.begun();
                    task.run();
                });
                return () -> cancel(timer);
            }

            @Override
            public long nanoTime() {
                return Duration.between(begin, instant()).toNanos();
            }

            @Override
            public void begun() {
                activity.begun();
            }

            @Override
            public void rests() {
                activity.ended();
            }
        };
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return Clock.fixed(instant(), zone);
    }
}
