package dev.segno.store;

import dev.segno.run.StoreUnavailable;
import dev.segno.shopping.KeyedRequest;
import dev.segno.shopping.Session;
import dev.segno.shopping.SessionEvent;
import dev.segno.shopping.SessionStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sessions in the database of the runs, written by the same thread. Safe for use by many threads. */
final class SqliteSessions implements SessionStore {

    /** What a queued write takes, roughly. */
    private static final int ROW_BYTES = 16 * 1024;

    private static final String OF_USER = SessionTable.SESSIONS
            + "user_id = ? AND (owner IS NULL OR owner = ?) AND expires_at > ?" + " ORDER BY updated_at DESC LIMIT ?";

    private static final String EVENTS =
            "SELECT sequence, type, data, at FROM shopping_event WHERE session_id = ? AND sequence > ?"
                    + " ORDER BY sequence LIMIT ?";

    private final GroupCommit<SqliteWriter> writer;
    private final ReadConnections connections;
    private final Quarantine quarantine = new Quarantine();

    SqliteSessions(GroupCommit<SqliteWriter> writer, ReadConnections connections) {
        this.writer = writer;
        this.connections = connections;
    }

    @Override
    public <T> CompletableFuture<T> write(Function<Transaction, T> work) {
        return writer.submit(new Write<>(ROW_BYTES, false, session -> {
            try {
                return work.apply(new OpenTransaction(session.sessions()));
            } catch (DatabaseFault e) {
                throw e.cause;
            }
        }));
    }

    @Override
    public Optional<Session> find(String id) {
        return connections.read("A session", reader -> {
            try (ResultSet result =
                    reader.prepare(SessionTable.SESSIONS + "id = ?").text(id).query()) {
                Row row = new Row(result);
                return row.next() ? Optional.of(SessionTable.session(row)) : Optional.empty();
            }
        });
    }

    @Override
    public List<Session> ofUser(String userId, @Nullable String caller, Instant now, int limit) {
        return connections.read("The sessions of a user", reader -> {
            List<Session> sessions = new ArrayList<>();
            try (ResultSet result = reader.prepare(OF_USER)
                    .text(userId)
                    .text(caller)
                    .number(Times.micros(now))
                    .number(limit)
                    .query()) {
                Row row = new Row(result);
                while (row.next()) {
                    try {
                        sessions.add(SessionTable.session(row));
                    } catch (UnreadableRow e) {
                        quarantine.report("A session", e);
                    }
                }
            }
            return sessions;
        });
    }

    @Override
    public List<SessionEvent> events(String sessionId, long after, int limit) {
        return connections.read("The events of a session", reader -> {
            List<SessionEvent> events = new ArrayList<>();
            try (ResultSet result = reader.prepare(EVENTS)
                    .text(sessionId)
                    .number(after)
                    .number(limit)
                    .query()) {
                Row row = new Row(result);
                while (row.next()) {
                    events.add(new SessionEvent(
                            sessionId,
                            row.number(),
                            row.text(),
                            SessionTable.json(row.text()),
                            Times.instant(row.number())));
                }
            }
            return events;
        });
    }

    @Override
    public Optional<KeyedRequest> keyed(String key) {
        return connections.read("A request", reader -> {
            try (ResultSet result = reader.prepare(SessionTable.KEYED).text(key).query()) {
                Row row = new Row(result);
                return row.next() ? Optional.of(SessionTable.keyed(row)) : Optional.empty();
            }
        });
    }

    /** A fault of the database on its way through work that knows of none. */
    private static final class DatabaseFault extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final SQLException cause;

        DatabaseFault(SQLException cause) {
            super(cause);
            this.cause = cause;
        }
    }

    /** Reads or writes one thing. */
    @FunctionalInterface
    private interface Access<T> {
        T perform() throws SQLException, UnreadableRow;
    }

    private record OpenTransaction(SessionTable table) implements Transaction {

        @Override
        public Optional<Session> find(String id) {
            return perform(() -> table.find(id));
        }

        @Override
        public void save(Session session) {
            perform(() -> {
                table.save(session);
                return true;
            });
        }

        @Override
        public boolean hasEvents(String sessionId, String origin) {
            return perform(() -> table.hasEvents(sessionId, origin));
        }

        @Override
        public List<SessionEvent> append(String sessionId, String origin, List<SessionEvent> events) {
            return perform(() -> table.append(sessionId, origin, events));
        }

        @Override
        public Optional<KeyedRequest> keyed(String key) {
            return perform(() -> table.keyed(key));
        }

        @Override
        public void save(KeyedRequest request) {
            perform(() -> {
                table.save(request);
                return true;
            });
        }

        @Override
        public void forget(Instant now) {
            perform(() -> {
                table.forget(now);
                return true;
            });
        }

        private static <T> T perform(Access<T> access) {
            try {
                return access.perform();
            } catch (SQLException e) {
                throw new DatabaseFault(e);
            } catch (UnreadableRow e) {
                throw new StoreUnavailable("A session cannot be read: " + e.getMessage(), e);
            }
        }
    }
}
