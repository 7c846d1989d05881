package dev.segno.store;

import dev.segno.run.ChainStore;
import dev.segno.run.NewRun;
import dev.segno.run.Payload;
import dev.segno.run.StateChange;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Runs that went on as fresh ones, in the embedded database. Thread-safe. */
final class SqliteChains implements ChainStore {

    /** Memory of a write, besides its bodies. */
    private static final long WRITE_BYTES = 1024;

    private static final String OTHERS =
            "SELECT run_id FROM chain WHERE first_id = " + ChainTable.FIRST + " ORDER BY number";

    private final GroupCommit<SqliteWriter> writer;
    private final ReadConnections connections;

    SqliteChains(GroupCommit<SqliteWriter> writer, ReadConnections connections) {
        this.writer = writer;
        this.connections = connections;
    }

    @Override
    public CompletableFuture<Boolean> goOn(StateChange end, NewRun next) {
        long bytes = next.input() instanceof Payload.Inline inline ? 2L * inline.bytes().length : 0;
        return writer.submit(new Write<>(
                WRITE_BYTES + bytes, false, session -> session.chains().goOn(end, next)));
    }

    @Override
    public String newestOf(String runId) {
        return connections.read("The chain of run " + runId, reader -> {
            try (ResultSet row = reader.prepare(ChainTable.NEWEST).text(runId).query()) {
                return row.next() ? row.getString(1) : runId;
            }
        });
    }

    @Override
    public List<String> chainOf(String runId) {
        return connections.read("The chain of run " + runId, reader -> {
            List<String> runIds = new ArrayList<>();
            try (ResultSet row =
                    reader.prepare("SELECT " + ChainTable.FIRST).text(runId).query()) {
                runIds.add(row.next() ? row.getString(1) : runId);
            }
            try (ResultSet result = reader.prepare(OTHERS).text(runId).query()) {
                while (result.next()) {
                    runIds.add(result.getString(1));
                }
            }
            return runIds;
        });
    }
}
