package dev.segno.store;

import dev.segno.run.DeadLetterCause;
import dev.segno.run.DeadLetterQuery;
import dev.segno.run.DeadLetterStore;
import dev.segno.run.Edit;
import dev.segno.run.Fork;
import dev.segno.run.ManualRetry;
import dev.segno.run.Repin;
import dev.segno.run.Run;
import dev.segno.run.StartOutcome;
import dev.segno.run.StepRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Parked and blocked runs in the embedded database. Thread-safe. */
final class SqliteDeadLetters implements DeadLetterStore {

    /** Memory of a write without its bodies. */
    private static final long WRITE_BYTES = 1024;

    private final GroupCommit<SqliteWriter> writer;
    private final RunQueries runs;
    private final DeadLetterQueries queries;

    SqliteDeadLetters(GroupCommit<SqliteWriter> writer, RunQueries runs, ReadConnections connections) {
        this.writer = writer;
        this.runs = runs;
        this.queries = new DeadLetterQueries(connections);
    }

    @Override
    public CompletableFuture<Boolean> retry(ManualRetry retry) {
        long bytes =
                retry.edit() == null ? 0 : StoredBody.bytesToWrite(retry.edit().body());
        return writer.submit(new Write<>(
                WRITE_BYTES + bytes, false, session -> session.retries().retry(retry)));
    }

    @Override
    public CompletableFuture<StartOutcome> fork(Fork fork) {
        long bytes = WRITE_BYTES + StoredBody.bytesToWrite(fork.run().input());
        for (StepRecord record : fork.records()) {
            bytes += WRITE_BYTES
                    + (record.outcome() instanceof StepRecord.Completed completed
                            ? StoredBody.bytesToWrite(completed.body())
                            : 0);
        }
        for (Edit edit : fork.edits()) {
            bytes += WRITE_BYTES + StoredBody.bytesToWrite(edit.body());
        }
        return writer.submit(
                new Write<>(bytes, true, session -> session.retries().fork(fork)));
    }

    @Override
    public List<Edit> edits(String runId) {
        return queries.edits(runId);
    }

    @Override
    public List<Repin> repins(String runId) {
        return queries.repins(runId);
    }

    @Override
    public List<Run> list(DeadLetterQuery query) {
        return runs.list(query);
    }

    @Override
    public void causes(Consumer<DeadLetterCause> consumer) {
        queries.causes(consumer);
    }

    @Override
    public List<String> runsOf(DeadLetterCause cause, int limit) {
        return queries.runsOf(cause, limit);
    }
}
