package dev.segno.store;

import dev.segno.run.StoreUnavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A few connections for reading, opened when they are needed. A caller waits when all are in use. Safe for use by many
 * threads.
 */
final class ReadConnections implements AutoCloseable {

    /** A connection and the statements prepared on it. Belongs to one caller at a time. */
    static final class Reader {
        private final Connection connection;
        private final Map<String, BoundStatement> statements = new HashMap<>();

        Reader(Connection connection) {
            this.connection = connection;
        }

        BoundStatement prepare(String sql) throws SQLException {
            BoundStatement known = statements.get(sql);
            if (known == null) {
                known = new BoundStatement(connection, sql);
                statements.put(sql, known);
            }
            return known.begin();
        }
    }

    /** Reads something with a connection. */
    @FunctionalInterface
    interface Query<T extends @Nullable Object> {
        T read(Reader reader) throws SQLException, UnreadableRow;
    }

    /** Opens a connection. */
    @FunctionalInterface
    interface Source {
        Connection open() throws SQLException;
    }

    private final Source source;
    private final Semaphore permits;
    private final List<Reader> idle = new ArrayList<>();
    private boolean closed;

    ReadConnections(int size, Source source) {
        this.source = source;
        this.permits = new Semaphore(size);
    }

    /**
     * Runs a query.
     *
     * @param what what is being read, for the error
     * @throws StoreUnavailable when the database or the row cannot be read
     */
    <T extends @Nullable Object> T read(String what, Query<T> query) {
        permits.acquireUninterruptibly();
        try {
            Reader reader = take();
            boolean sound = false;
            try {
                T answer = query.read(reader);
                sound = true;
                return answer;
            } catch (UnreadableRow e) {
                sound = true;
                throw new StoreUnavailable(what + " cannot be read: " + e.getMessage(), e);
            } finally {
                giveBack(reader, sound);
            }
        } catch (SQLException e) {
            throw new StoreUnavailable(what + " cannot be read: " + Sqlite.describe(e), e);
        } finally {
            permits.release();
        }
    }

    private Reader take() throws SQLException {
        synchronized (idle) {
            if (closed) {
                throw new StoreUnavailable("The store is closed");
            }
            if (!idle.isEmpty()) {
                return idle.remove(idle.size() - 1);
            }
        }
        return new Reader(source.open());
    }

    private void giveBack(Reader reader, boolean sound) throws SQLException {
        synchronized (idle) {
            if (sound && !closed) {
                idle.add(reader);
                return;
            }
        }
        reader.connection.close();
    }

    @Override
    public void close() {
        List<Reader> leftover;
        synchronized (idle) {
            closed = true;
            leftover = List.copyOf(idle);
            idle.clear();
        }
        for (Reader reader : leftover) {
            try {
                reader.connection.close();
            } catch (SQLException e) {
                throw new StoreUnavailable("A connection cannot be closed: " + Sqlite.describe(e), e);
            }
        }
    }
}
