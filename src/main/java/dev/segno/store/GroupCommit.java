package dev.segno.store;

import dev.segno.run.Failpoint;
import dev.segno.run.Failpoints;
import dev.segno.run.StoreUnavailable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * One thread that takes everything queued, writes it as one transaction, and answers when it is on disk. While a
 * commit waits for the disk the next batch gathers by itself, so nothing ever lingers to fill one.
 *
 * <p>Safe for use by many threads. Futures complete on the writer's thread, in the order of the calls.
 */
final class GroupCommit<S extends WriteSession> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    private final WriteSession.Source<S> sessions;
    private final StoreSettings settings;
    private final Failpoints failpoints;
    private final Thread thread;

    private final Object lock = new Object();
    // Guarded by lock.
    private List<Write<S, ?>> queue = new ArrayList<>();
    private int queuedWrites;
    private long queuedBytes;
    private boolean idle;
    private boolean closing;
    private boolean broken;

    private volatile boolean writable = true;
    private volatile CommitObserver observer = CommitObserver.NONE;

    // Used by the writer's thread alone.
    private @Nullable S session;

    /** @param first the open session to begin with; {@code sessions} opens the ones after a fault */
    GroupCommit(String name, S first, WriteSession.Source<S> sessions, StoreSettings settings) {
        this.session = first;
        this.sessions = sessions;
        this.settings = settings;
        this.failpoints = settings.failpoints();
        this.thread = new Thread(this::work, name);
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /** Queues a write. A start is refused when the store cannot write or too much is queued; all else is taken. */
    <T> CompletableFuture<T> submit(Write<S, T> write) {
        @Nullable String refusal;
        synchronized (lock) {
            refusal = refusalOf(write);
            if (refusal == null) {
                queue.add(write);
                queuedWrites++;
                queuedBytes += write.bytes();
                if (idle) {
                    idle = false;
                    lock.notifyAll();
                }
            }
        }
        if (refusal != null) {
            write.refuse(new StoreUnavailable(refusal));
        }
        return write.future();
    }

    private @Nullable String refusalOf(Write<S, ?> write) {
        if (closing) {
            return "The store is closed";
        }
        if (broken) {
            return "The store has failed";
        }
        if (!write.isStart()) {
            return null;
        }
        if (!writable) {
            return "The store cannot write at the moment";
        }
        boolean full = queuedWrites >= settings.maxQueuedWrites() || queuedBytes >= settings.maxQueuedBytes();
        return full ? "The store cannot keep up: too many writes are queued" : null;
    }

    /** Tells an observer of the commits from now on. */
    void observe(CommitObserver told) {
        observer = told;
    }

    /** Writes that wait for their commit. */
    int queued() {
        synchronized (lock) {
            return queuedWrites;
        }
    }

    /** Whether the last attempt to write came through. */
    boolean isWritable() {
        synchronized (lock) {
            return writable && !closing && !broken;
        }
    }

    private void work() {
        try {
            for (List<Write<S, ?>> batch = take(); !batch.isEmpty(); batch = take()) {
                write(batch);
            }
        } catch (Throwable e) {
            fail("The writer of the store ended", e);
        } finally {
            closeSession();
        }
    }

    /** Everything queued, waiting for the first; empty when there will be no more. */
    @SuppressWarnings("ThreadPriorityCheck") // a hint that costs nothing when it is not taken
    private List<Write<S, ?>> take() throws InterruptedException {
        // Where processors are scarce, runs that could write now stand in line for one: let them, and write theirs too.
        Thread.yield();
        synchronized (lock) {
            while (queue.isEmpty() && !closing && !broken) {
                idle = true;
                lock.wait();
            }
            idle = false;
            if (broken) {
                return List.of();
            }
            List<Write<S, ?>> batch = queue;
            queue = new ArrayList<>(Math.max(16, batch.size()));
            return batch;
        }
    }

    /** Writes a batch, however often it takes. */
    private void write(List<Write<S, ?>> batch) throws InterruptedException {
        List<Write<S, ?>> pending = batch;
        while (!pending.isEmpty()) {
            try {
                S current = session();
                long begunAt = System.nanoTime();
                if (!commit(current, pending)) {
                    return;
                }
                observer.committed(pending.size(), System.nanoTime() - begunAt);
                answer(pending);
                checkpoint(current, pending);
                return;
            } catch (SQLException e) {
                if (Sqlite.isFailedSync(e)) {
                    fail("The log could not be synced to the disk", e);
                    return;
                }
                pending = suspend(pending, e);
            }
        }
    }

    /** Commits all of the writes that are not refused; {@code false} when the process has to end. */
    private boolean commit(S current, List<Write<S, ?>> pending) throws SQLException {
        List<Write<S, ?>> applied = pending;
        current.begin();
        for (int i = 0; i < applied.size(); i++) {
            Write<S, ?> write = applied.get(i);
            if (!write.apply(current)) {
                // Only this write must go, and it shares its transaction: begin again with the others.
                current.rollback();
                applied = new ArrayList<>(applied);
                applied.remove(write);
                current.begin();
                i = -1;
            }
        }
        failpoints.pass(Failpoint.STORE_BEFORE_COMMIT);
        try {
            if (failpoints.strikes(Failpoint.STORE_FAIL_FSYNC)) {
                throw new SQLiteException(
                        "[SQLITE_IOERR_FSYNC] fsync fails, as asked for", SQLiteErrorCode.SQLITE_IOERR_FSYNC);
            }
            current.commit();
        } catch (SQLException e) {
            if (Sqlite.isRepeatableCommit(e)) {
                throw e;
            }
            fail("A commit could not be synced to the disk", e);
            return false;
        }
        failpoints.pass(Failpoint.STORE_AFTER_COMMIT);
        return true;
    }

    private void answer(List<Write<S, ?>> batch) {
        if (!writable) {
            LOG.info("The store can write again");
            writable = true;
        }
        long bytes = 0;
        for (Write<S, ?> write : batch) {
            bytes += write.bytes();
        }
        synchronized (lock) {
            queuedWrites -= batch.size();
            queuedBytes -= bytes;
        }
        batch.forEach(Write::complete);
    }

    private void checkpoint(S current, List<Write<S, ?>> batch) {
        long bytes = 0;
        for (Write<S, ?> write : batch) {
            bytes += write.bytes();
        }
        try {
            current.afterCommit(batch.size(), bytes);
        } catch (SQLException e) {
            if (Sqlite.isInputOutputError(e)) {
                fail("The log of the store could not be copied into its database", e);
            } else {
                LOG.warn("The log of the store could not be copied into its database: {}", Sqlite.describe(e));
            }
        }
    }

    /**
     * Waits after a fault. Starts that are under way are refused, because their callers wait for an answer; the rest
     * keeps its order.
     */
    private List<Write<S, ?>> suspend(List<Write<S, ?>> batch, SQLException fault) throws InterruptedException {
        dropTransaction(fault);
        List<Write<S, ?>> refused = new ArrayList<>();
        List<Write<S, ?>> kept = new ArrayList<>();
        synchronized (lock) {
            if (writable) {
                LOG.error("The store cannot write and tries again until it can: {}", Sqlite.describe(fault));
            }
            writable = false;
            kept.addAll(batch);
            kept.addAll(queue);
            queue = new ArrayList<>();
            boolean last = closing;
            for (Iterator<Write<S, ?>> all = kept.iterator(); all.hasNext(); ) {
                Write<S, ?> write = all.next();
                if (last || write.isStart()) {
                    all.remove();
                    refused.add(write);
                    queuedWrites--;
                    queuedBytes -= write.bytes();
                }
            }
        }
        StoreUnavailable reason = new StoreUnavailable("The store cannot write: " + Sqlite.describe(fault), fault);
        refused.forEach(write -> write.refuse(reason));
        awaitRetry();
        return kept;
    }

    private void dropTransaction(SQLException fault) {
        @Nullable S open = session;
        try {
            if (open != null && Sqlite.isShortage(fault)) {
                open.rollback();
            } else {
                closeSession();
            }
        } catch (SQLException e) {
            closeSession();
        }
    }

    private void awaitRetry() throws InterruptedException {
        long until = System.nanoTime() + settings.retryInterval().toNanos();
        synchronized (lock) {
            for (long left = until - System.nanoTime(); left > 0 && !closing; left = until - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(lock, left);
            }
        }
    }

    private S session() throws SQLException {
        @Nullable S open = session;
        if (open == null) {
            open = sessions.open();
            session = open;
        }
        return open;
    }

    private void closeSession() {
        @Nullable S open = session;
        session = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.warn("A connection of the store could not be closed: {}", Sqlite.describe(e));
            }
        }
    }

    private void fail(String message, Throwable cause) {
        synchronized (lock) {
            broken = true;
            writable = false;
        }
        settings.fatal().storageFailed(message, cause);
    }

    /** Writes what is queued, or refuses it when that cannot be done, and ends. */
    @Override
    public void close() {
        synchronized (lock) {
            closing = true;
            lock.notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
