package dev.segno.store;

import dev.segno.run.Edit;
import dev.segno.run.Fork;
import dev.segno.run.ManualRetry;
import dev.segno.run.Payload;
import dev.segno.run.Repin;
import dev.segno.run.RunState;
import dev.segno.run.StartOutcome;
import dev.segno.run.StateChange;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes what a manual retry or a fork changes. Used by the writer's thread alone. */
final class RetryTable {

    private final RunTable runs;
    private final StepTable steps;
    private final SlotTable slots;
    private final Starts starts;
    private final BoundStatement insertEdit;
    private final BoundStatement insertRepin;
    private final BoundStatement started;
    private final BoundStatement repin;
    private final BoundStatement setRetries;

    RetryTable(Connection connection, RunTable runs, StepTable steps, SlotTable slots, Starts starts)
            throws SQLException {
        this.runs = runs;
        this.steps = steps;
        this.slots = slots;
        this.starts = starts;
        insertEdit = new BoundStatement(connection, """
                INSERT INTO edit (run_id, key, retry, edited_at, body_kind, variables, row_check, body)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """);
        insertRepin = new BoundStatement(connection, """
                INSERT INTO repin (run_id, retry, old_version, new_version, repinned_at, row_check)
                VALUES (?, ?, ?, ?, ?, ?)
                """);
        started = new BoundStatement(connection, """
                SELECT id, orchestration, version, start_key, input_hash, singleton_key, created_at, headers,
                       input_kind, input_length, input_blob, start_check
                FROM run WHERE id = ?
                """);
        repin = new BoundStatement(connection, "UPDATE run SET version = ?2, start_check = ?3 WHERE id = ?1");
        setRetries = new BoundStatement(
                connection, "UPDATE run SET retries = ?2, number_check = ?2 + updated_at WHERE id = ?1");
    }

    static Checksum checksum(String runId, Edit edit) {
        Payload.Inline body = edit.body();
        return new Checksum()
                .text(runId)
                .text(edit.key().path())
                .number(edit.retry())
                .number(Times.micros(edit.at()))
                .text(body == null ? null : body.kind().name())
                .text(edit.variables())
                .bytes(body == null ? null : body.bytes());
    }

    static Checksum checksum(String runId, Repin repin) {
        return new Checksum()
                .text(runId)
                .number(repin.retry())
                .text(repin.from())
                .text(repin.to())
                .number(Times.micros(repin.at()));
    }

    /** Whether the retry applied; when it did not, nothing was written. */
    boolean retry(ManualRetry retry) throws SQLException, Write.Undo {
        StateChange change = new StateChange(
                retry.runId(),
                retry.expectedRevision(),
                RunState.RUNNING,
                List.of(),
                null,
                null,
                null,
                true,
                retry.at());
        if (!slots.isFreeFor(retry.runId()) || !runs.change(change)) {
            return false;
        }
        Edit edit = retry.edit();
        if (edit != null) {
            insert(retry.runId(), edit);
        }
        Repin version = retry.repin();
        if (version != null) {
            repin(retry.runId(), version);
        }
        return true;
    }

    /** A run's row is written with its journal and its edits. */
    StartOutcome fork(Fork fork) throws SQLException, Write.Undo {
        StartOutcome outcome = starts.start(fork.run());
        if (outcome instanceof StartOutcome.Started || outcome instanceof StartOutcome.Queued) {
            String runId = fork.run().id();
            setRetries.begin().text(runId).number(fork.retries()).update();
            steps.insertAll(runId, fork.records());
            for (Edit edit : fork.edits()) {
                insert(runId, edit);
            }
        }
        return outcome;
    }

    private void insert(String runId, Edit edit) throws SQLException {
        Payload.Inline body = edit.body();
        insertEdit
                .begin()
                .text(runId)
                .text(edit.key().path())
                .number(edit.retry())
                .number(Times.micros(edit.at()))
                .text(body == null ? null : body.kind().name())
                .text(edit.variables())
                .number(checksum(runId, edit).value())
                .bytes(body == null ? null : body.bytes())
                .update();
    }

    /** The version is part of what a run was started with, and so of that checksum: a damaged row is not sealed anew. */
    private void repin(String runId, Repin version) throws SQLException, Write.Undo {
        repin.begin()
                .text(runId)
                .text(version.to())
                .number(startChecksum(runId, version.to()).value())
                .update();
        insertRepin
                .begin()
                .text(runId)
                .number(version.retry())
                .text(version.from())
                .text(version.to())
                .number(Times.micros(version.at()))
                .number(checksum(runId, version).value())
                .update();
    }

    private Checksum startChecksum(String runId, String newVersion) throws SQLException, Write.Undo {
        started.begin().text(runId);
        try (ResultSet result = started.query()) {
            Row row = new Row(result);
            if (!row.next()) {
                throw new UnreadableRow("there is none");
            }
            String id = row.text();
            String orchestration = row.text();
            String oldVersion = row.text();
            @Nullable String startKey = row.textOrNull();
            @Nullable String inputHash = row.textOrNull();
            @Nullable String singletonKey = row.textOrNull();
            long createdAt = row.number();
            @Nullable String headers = row.textOrNull();
            StoredBody input = new StoredBody(row.text(), null, null, row.number(), null);
            StoredBody stored = new StoredBody(input.kind(), null, row.textOrNull(), input.length(), null);
            UnreadableRow.requireChecksum(
                    row.number(),
                    RunTable.startChecksum(
                            id,
                            orchestration,
                            oldVersion,
                            startKey,
                            inputHash,
                            singletonKey,
                            createdAt,
                            headers,
                            stored),
                    "what it was started with");
            return RunTable.startChecksum(
                    id, orchestration, newVersion, startKey, inputHash, singletonKey, createdAt, headers, stored);
        } catch (UnreadableRow e) {
            throw new Write.Undo(new IllegalStateException("Run " + runId + ": " + e.getMessage(), e));
        }
    }
}
