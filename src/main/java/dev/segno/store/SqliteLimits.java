package dev.segno.store;

import dev.segno.run.Admitted;
import dev.segno.run.LimitStore;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Which runs are counted together, in the embedded database. Thread-safe. */
final class SqliteLimits implements LimitStore {

    /** Memory of a write. */
    private static final long WRITE_BYTES = 512;

    private static final String QUEUED = "SELECT run_id, limit_key FROM slot WHERE state = 'QUEUED'";
    private static final String KEY = "SELECT limit_key FROM slot WHERE run_id = ?";

    private final GroupCommit<SqliteWriter> writer;
    private final ReadConnections connections;

    SqliteLimits(GroupCommit<SqliteWriter> writer, ReadConnections connections) {
        this.writer = writer;
        this.connections = connections;
    }

    @Override
    public CompletableFuture<Admitted> admit(String key, Instant now) {
        return writer.submit(
                new Write<>(WRITE_BYTES, false, session -> session.slots().admit(key, now)));
    }

    @Override
    public List<QueuedRun> queued() {
        return connections.read("The queued runs", reader -> {
            List<QueuedRun> queued = new ArrayList<>();
            try (ResultSet result = reader.prepare(QUEUED).query()) {
                while (result.next()) {
                    queued.add(new QueuedRun(result.getString(1), result.getString(2)));
                }
            }
            return queued;
        });
    }

    @Override
    public Optional<String> keyOf(String runId) {
        return connections.read("The key of run " + runId, reader -> {
            try (ResultSet row = reader.prepare(KEY).text(runId).query()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        });
    }
}
