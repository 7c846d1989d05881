package dev.segno.run;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which runs go on. A few, as long as nothing blocks: what waits for the disk or for a service holds no
 * thread. When tasks wait and none is finished for a while, something does block, and threads are added up to a bound.
 * Thread-safe.
 */
public final class RunExecutor implements Executor, AutoCloseable {

    private static final long CHECK_MILLIS = 50;
    private static final int ADDED_AT_ONCE = 4;

    private final int normal;
    private final int most;
    private final ThreadPoolExecutor threads;
    private long finishedBefore;

    /**
     * @param normal    threads in quiet times, at least 1
     * @param most      threads at most
     * @param scheduler looks from time to time whether tasks are stuck
     */
    public RunExecutor(int normal, int most, ScheduledExecutorService scheduler) {
        this.normal = normal;
        this.most = most;
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(normal, most, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "segno-run-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        scheduler.scheduleWithFixedDelay(this::adjust, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** Number of threads at the moment. */
    public int size() {
        return threads.getPoolSize();
    }

    /** Number of tasks that wait for a thread. */
    public int waiting() {
        return threads.getQueue().size();
    }

    private void adjust() {
        long finished = threads.getCompletedTaskCount();
        boolean stuck = !threads.getQueue().isEmpty() && finished == finishedBefore;
        finishedBefore = finished;
        int core = threads.getCorePoolSize();
        if (stuck && core < most) {
            threads.setCorePoolSize(Math.min(most, core + ADDED_AT_ONCE));
        } else if (core > normal && threads.getActiveCount() < normal) {
            threads.setCorePoolSize(normal);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
