package dev.segno.store;

import dev.segno.trigger.Batch;
import dev.segno.trigger.BatchStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Batches in the database of the runs, written by the same thread. Safe for use by many threads. */
final class SqliteBatchStore implements BatchStore {

    /** What a queued write takes besides the content, roughly. */
    private static final int ROW_BYTES = 512;

    private static final String COLUMNS = "SELECT scope, id, correlation, exchange_id, revision, changed_at, row_check,"
            + " content FROM batch WHERE scope = ?";

    private static final String COLLECTING = COLUMNS + " AND correlation = ? AND state = 'COLLECTING'";

    private static final String COMPLETE = COLUMNS + " AND exchange_id = ? AND state = 'COMPLETE'";

    private static final String CORRELATIONS =
            "SELECT correlation FROM batch WHERE scope = ? AND state = 'COLLECTING' ORDER BY sequence";

    private static final String ALL_COMPLETE =
            "SELECT exchange_id FROM batch WHERE scope = ? AND state = 'COMPLETE' ORDER BY sequence";

    private final GroupCommit<SqliteWriter> writer;
    private final ReadConnections connections;

    SqliteBatchStore(GroupCommit<SqliteWriter> writer, ReadConnections connections) {
        this.writer = writer;
        this.connections = connections;
    }

    @Override
    public Optional<Batch> collecting(String scope, String correlation) {
        return connections.read(
                "The batch of " + scope + " under '" + correlation + "'",
                reader -> one(reader.prepare(COLLECTING).text(scope).text(correlation)));
    }

    @Override
    public Optional<Batch> complete(String scope, String exchangeId) {
        return connections.read(
                "The batch " + exchangeId + " of " + scope,
                reader -> one(reader.prepare(COMPLETE).text(scope).text(exchangeId)));
    }

    private static Optional<Batch> one(BoundStatement statement) throws SQLException, UnreadableRow {
        try (ResultSet result = statement.query()) {
            Row row = new Row(result);
            if (!row.next()) {
                return Optional.empty();
            }
            String scope = row.text();
            String id = row.text();
            String correlation = row.text();
            String exchangeId = row.text();
            long revision = row.number();
            long changedAt = row.number();
            long check = row.number();
            byte[] content = row.bytesOrNull();
            Batch batch = new Batch(
                    scope,
                    id,
                    correlation,
                    exchangeId,
                    revision,
                    Times.instant(changedAt),
                    content == null ? new byte[0] : content);
            UnreadableRow.requireChecksum(check, BatchTable.checksum(batch), "the batch");
            return Optional.of(batch);
        }
    }

    @Override
    public CompletableFuture<Boolean> save(Batch batch) {
        return writer.submit(new Write<>(
                ROW_BYTES + batch.content().length,
                true,
                session -> session.batches().save(batch)));
    }

    @Override
    public CompletableFuture<Boolean> leave(Batch batch, boolean patient) {
        return writer.submit(
                new Write<>(ROW_BYTES, !patient, session -> session.batches().leave(batch)));
    }

    @Override
    public CompletableFuture<Void> complete(Batch batch) {
        return submit(batch.content().length, session -> session.batches().complete(batch));
    }

    @Override
    public CompletableFuture<Void> confirm(String scope, String exchangeId) {
        return submit(0, session -> session.batches().confirm(scope, exchangeId));
    }

    @Override
    public CompletableFuture<Void> reopen() {
        return submit(0, session -> session.batches().reopen());
    }

    private CompletableFuture<Void> submit(long bytes, Write.Silent<SqliteWriter> operation) {
        return writer.submit(Write.silent(ROW_BYTES + bytes, operation));
    }

    @Override
    public Set<String> correlations(String scope) {
        return connections.read("What " + scope + " collects", reader -> texts(reader.prepare(CORRELATIONS), scope));
    }

    @Override
    public Set<String> complete(String scope) {
        return connections.read(
                "The complete batches of " + scope, reader -> texts(reader.prepare(ALL_COMPLETE), scope));
    }

    private static Set<String> texts(BoundStatement statement, String scope) throws SQLException {
        Set<String> found = new LinkedHashSet<>();
        try (ResultSet result = statement.text(scope).query()) {
            while (result.next()) {
                found.add(result.getString(1));
            }
        }
        return found;
    }
}
