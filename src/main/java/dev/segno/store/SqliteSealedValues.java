package dev.segno.store;

import dev.segno.secret.SealedValues;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Sealed values in the database of the runs, written by the same thread. Safe for use by many threads. */
final class SqliteSealedValues implements SealedValues {

    /** What a queued write takes, roughly. */
    private static final int ROW_BYTES = 1024;

    private final GroupCommit<SqliteWriter> writer;
    private final ReadConnections connections;

    SqliteSealedValues(GroupCommit<SqliteWriter> writer, ReadConnections connections) {
        this.writer = writer;
        this.connections = connections;
    }

    @Override
    public CompletableFuture<Void> keep(String reference, String kept, Instant now) {
        return write(session -> session.sealedValues().insert(reference, kept, now));
    }

    @Override
    public Optional<String> find(String reference) {
        return connections.read("A sealed value", reader -> {
            try (ResultSet result = reader.prepare("SELECT sealed FROM sealed_value WHERE reference = ?")
                    .text(reference)
                    .query()) {
                Row row = new Row(result);
                return row.next() ? Optional.ofNullable(row.textOrNull()) : Optional.empty();
            }
        });
    }

    @Override
    public CompletableFuture<Void> drop(String reference) {
        return write(session -> session.sealedValues().drop(reference));
    }

    @Override
    public CompletableFuture<Void> forget(Instant before) {
        return write(session -> session.sealedValues().forget(before));
    }

    private interface Change {
        void apply(SqliteWriter session) throws SQLException;
    }

    private CompletableFuture<Void> write(Change change) {
        return writer.submit(new Write<SqliteWriter, Boolean>(ROW_BYTES, true, session -> {
                    change.apply(session);
                    return true;
                }))
                .thenAccept(written -> {});
    }
}
