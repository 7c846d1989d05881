package dev.segno.store;

import java.sql.SQLException;

/** One connection of the writer, used by its thread alone. */
interface WriteSession extends AutoCloseable {

    void begin() throws SQLException;

    /** Returns when everything since {@link #begin} is on disk. */
    void commit() throws SQLException;

    /** Drops everything since {@link #begin}. */
    void rollback() throws SQLException;

    /** Work that is due between two batches. */
    void afterCommit(int writes, long bytes) throws SQLException;

    @Override
    void close() throws SQLException;

    /** Opens a session; called again when the one before could no longer be used. */
    @FunctionalInterface
    interface Source<S extends WriteSession> {
        S open() throws SQLException;
    }
}
