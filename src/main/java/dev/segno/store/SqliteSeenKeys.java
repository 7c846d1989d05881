package dev.segno.store;

import dev.segno.trigger.SeenKeys;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** Seen keys in the database of the runs, written by the same thread. Safe for use by many threads. */
final class SqliteSeenKeys implements SeenKeys {

    /** What a queued write takes, roughly. */
    private static final int ROW_BYTES = 256;

    private static final String CONTAINS = "SELECT 1 FROM seen_key WHERE scope = ? AND key = ? AND seen_at >= ?";

    private final GroupCommit<SqliteWriter> writer;
    private final ReadConnections connections;

    SqliteSeenKeys(GroupCommit<SqliteWriter> writer, ReadConnections connections) {
        this.writer = writer;
        this.connections = connections;
    }

    @Override
    public boolean contains(String scope, String key, Instant since) {
        return connections.read("The key '" + key + "' of " + scope, reader -> {
            try (ResultSet result = reader.prepare(CONTAINS)
                    .text(scope)
                    .text(key)
                    .number(Times.micros(since))
                    .query()) {
                return result.next();
            }
        });
    }

    @Override
    public CompletableFuture<Void> add(String scope, String key, Instant at, Instant since) {
        return writer.submit(
                Write.silent(ROW_BYTES, session -> session.seenKeys().add(scope, key, at, since)));
    }

    @Override
    public CompletableFuture<Boolean> remove(String scope, String key) {
        return writer.submit(
                new Write<>(ROW_BYTES, false, session -> session.seenKeys().remove(scope, key)));
    }

    @Override
    public CompletableFuture<Void> clear(String scope) {
        return writer.submit(
                Write.silent(ROW_BYTES, session -> session.seenKeys().clear(scope)));
    }
}
