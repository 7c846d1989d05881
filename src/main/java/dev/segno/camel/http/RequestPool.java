package dev.segno.camel.http;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The bounded pool on which routes start.
 *
 * <p>A stock pool adds threads only when its queue is full, which for routes that block means never in time. This one
 * adds a thread as soon as none is idle, up to its maximum, and queues after that. A pool that is busy with short tasks
 * stays at its core size, where threads stay warm. Safe for concurrent use.
 */
final class RequestPool implements AutoCloseable {

    private final AtomicInteger unfinished = new AtomicInteger();
    private final ThreadPoolExecutor threads;

    /**
     * @param core threads that are kept, at least 1
     * @param max threads at most
     * @param queued tasks that wait when all threads are busy, at most
     */
    RequestPool(int core, int max, int queued) {
        GrowFirstQueue queue = new GrowFirstQueue(queued);
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                core,
                max,
                60,
                TimeUnit.SECONDS,
                queue,
                task -> {
                    Thread thread = new Thread(task, "segno-http-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                (task, pool) -> {
                    // The pool is at its maximum: now the task may wait, if there is room.
                    if (pool.isShutdown() || !queue.enqueue(task)) {
                        throw new RejectedExecutionException("all request threads are busy");
                    }
                });
        queue.pool = threads;
    }

    /**
     * Runs a task soon.
     *
     * @throws RejectedExecutionException when threads and queue are full, or the pool is closed
     */
    void execute(Runnable task) {
        unfinished.incrementAndGet();
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } finally {
                    unfinished.decrementAndGet();
                }
            });
        } catch (RejectedExecutionException e) {
            unfinished.decrementAndGet();
            throw e;
        }
    }

    /** The number of threads now, idle ones included. */
    int size() {
        return threads.getPoolSize();
    }

    @Override
    public void close() {
        threads.shutdown();
    }

    private final class GrowFirstQueue extends LinkedBlockingQueue<Runnable> {

        private static final long serialVersionUID = 1L;

        private transient volatile ThreadPoolExecutor pool;

        @SuppressWarnings("NullAway.Init") // The pool and its queue need each other; the constructor sets it.
        GrowFirstQueue(int capacity) {
            super(capacity);
        }

        @Override
        public boolean offer(Runnable task) {
            int size = pool.getPoolSize();
            boolean allBusy = unfinished.get() > size;
            return !(allBusy && size < pool.getMaximumPoolSize()) && super.offer(task);
        }

        boolean enqueue(Runnable task) {
            return super.offer(task);
        }
    }
}
