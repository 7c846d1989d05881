package dev.segno.store;

import dev.segno.keys.ApiKey;
import dev.segno.keys.ApiKeys;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Keys of callers in the database of the runs, written by the same thread. Safe for use by many threads. */
final class SqliteApiKeys implements ApiKeys {

    /** What a queued write takes, roughly. */
    private static final int ROW_BYTES = 1024;

    private static final String ALL =
            "SELECT id, prefix, digest, name, role, scope, created_at, created_by, expires_at,"
                    + " revoked_at, row_check FROM api_key ORDER BY id";

    private final GroupCommit<SqliteWriter> writer;
    private final ReadConnections connections;
    private final Quarantine quarantine = new Quarantine();

    SqliteApiKeys(GroupCommit<SqliteWriter> writer, ReadConnections connections) {
        this.writer = writer;
        this.connections = connections;
    }

    @Override
    public CompletableFuture<Void> add(ApiKey key) {
        return writer.submit(new Write<SqliteWriter, Boolean>(ROW_BYTES, true, session -> {
                    session.apiKeys().insert(key);
                    return true;
                }))
                .thenAccept(added -> {});
    }

    @Override
    public CompletableFuture<Boolean> revoke(ApiKey revoked) {
        return writer.submit(
                new Write<>(ROW_BYTES, false, session -> session.apiKeys().revoke(revoked)));
    }

    @Override
    public List<ApiKey> all() {
        return connections.read("The keys of callers", reader -> {
            List<ApiKey> keys = new ArrayList<>();
            try (ResultSet result = reader.prepare(ALL).query()) {
                Row row = new Row(result);
                while (row.next()) {
                    try {
                        keys.add(key(row));
                    } catch (UnreadableRow e) {
                        // A key that cannot be trusted opens nothing.
                        quarantine.report("Key " + result.getString(1), e);
                    }
                }
            }
            return keys;
        });
    }

    private static ApiKey key(Row row) throws SQLException, UnreadableRow {
        ApiKey key = new ApiKey(
                row.text(),
                row.text(),
                row.text(),
                row.text(),
                row.text(),
                scope(row.textOrNull()),
                Times.instant(row.number()),
                row.text(),
                instant(row.numberOrNull()),
                instant(row.numberOrNull()));
        UnreadableRow.requireChecksum(row.number(), ApiKeyTable.checksum(key), "the key");
        return key;
    }

    private static @Nullable List<String> scope(@Nullable String text) {
        return text == null ? null : List.of(text.split(" "));
    }

    private static @Nullable Instant instant(@Nullable Long micros) {
        return micros == null ? null : Times.instant(micros);
    }
}
