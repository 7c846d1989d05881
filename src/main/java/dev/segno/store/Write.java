package dev.segno.store;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One queued write and the future that answers it.
 *
 * @param <S> the session that it needs
 * @param <T> its answer
 */
final class Write<S extends WriteSession, T> {

    /**
     * What a write does.
     *
     * <p>Throws {@link Undo} when it is refused after it has written something, any other unchecked exception when it is
     * refused and has written nothing.
     */
    @FunctionalInterface
    interface Operation<S extends WriteSession, T> {
        T apply(S session) throws SQLException, Undo;
    }

    /** A write was refused, and what it has written up to here has to go. */
    static final class Undo extends Exception {
        private static final long serialVersionUID = 1L;

        private final RuntimeException reason;

        Undo(RuntimeException reason) {
            super(reason);
            this.reason = reason;
        }

        RuntimeException reason() {
            return reason;
        }
    }

    private final Operation<S, T> operation;
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private final long bytes;
    private final boolean start;

    private @Nullable T answer;
    private @Nullable RuntimeException refusal;

    /**
     * @param bytes memory that it keeps from being freed while it is queued
     * @param start whether it starts a run, and may be refused while the store is full or cannot write
     */
    Write(long bytes, boolean start, Operation<S, T> operation) {
        this.bytes = bytes;
        this.start = start;
        this.operation = operation;
    }

    /** A write without an answer. */
    @FunctionalInterface
    interface Silent<S extends WriteSession> {
        void apply(S session) throws SQLException, Undo;
    }

    /** A write that is not a start and has no answer. */
    @SuppressWarnings("NullAway") // the only value of Void
    static <S extends WriteSession> Write<S, Void> silent(long bytes, Silent<S> operation) {
        return new Write<>(bytes, false, session -> {
            operation.apply(session);
            return null;
        });
    }

    CompletableFuture<T> future() {
        return future;
    }

    long bytes() {
        return bytes;
    }

    boolean isStart() {
        return start;
    }

    /** Applies the write; whether the batch can go on without undoing anything. Storage faults are thrown. */
    boolean apply(S session) throws SQLException {
        answer = null;
        refusal = null;
        try {
            answer = operation.apply(session);
            return true;
        } catch (Undo e) {
            refusal = e.reason();
            return false;
        } catch (SQLException e) {
            if (Sqlite.isStorageFault(e)) {
                throw e;
            }
            refusal = new IllegalStateException("The store refused a write: " + Sqlite.describe(e), e);
            return false;
        } catch (RuntimeException e) {
            refusal = e;
            return true;
        }
    }

    /** Answers the caller with what {@link #apply} came to. */
    void complete() {
        if (refusal != null) {
            future.completeExceptionally(refusal);
        } else {
            complete(answer);
        }
    }

    @SuppressWarnings("NullAway") // Void answers are null, which a future takes
    private void complete(@Nullable T value) {
        future.complete(value);
    }

    /** Answers the caller that nothing was written. */
    void refuse(RuntimeException reason) {
        future.completeExceptionally(reason);
    }
}
