package dev.segno.store;

import dev.segno.run.NewRun;
import dev.segno.run.Payload;
import dev.segno.run.RunState;
import dev.segno.run.StartOutcome;
import dev.segno.run.StateChange;
import dev.segno.run.StepError;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes runs. Used by the writer's thread alone. */
final class RunTable {

    /** Longer inputs and outputs go to the blob table, so that a change of state does not write them again. */
    static final int ROW_BODY_BYTES = 1024;

    /** What a new run has, until it sets some. */
    static final String NO_ATTRIBUTES = "{}";

    private final BlobTable blobs;
    private final BoundStatement insert;
    private final BoundStatement byStartKey;
    private final BoundStatement bySingleton;
    private final BoundStatement change;
    private final BoundStatement end;
    private final BoundStatement saveAttributes;

    RunTable(Connection connection, BlobTable blobs) throws SQLException {
        this.blobs = blobs;
        insert = new BoundStatement(connection, """
                INSERT INTO run (id, orchestration, version, state, start_key, input_hash, singleton_key,
                                 created_at, updated_at, attributes, headers, input_kind, input_length, input_blob,
                                 start_check, state_check, attributes_check, number_check, input_check, input)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, '%s', ?9, ?10, ?11, ?12, ?13, ?14, %d, ?8, ?15, ?16)
                ON CONFLICT DO NOTHING
                """.formatted(
                        NO_ATTRIBUTES, attributesChecksum(NO_ATTRIBUTES).value()));
        byStartKey = new BoundStatement(
                connection, "SELECT id, input_hash FROM run WHERE orchestration = ? AND start_key = ?");
        bySingleton = new BoundStatement(connection, """
                SELECT id FROM run
                WHERE singleton_key = ?
                  AND (state = 'QUEUED' OR state = 'RUNNING' OR state = 'WAITING' OR state = 'COMPENSATING')
                """);
        // A singleton taken by another run violates an index: OR IGNORE turns that into no change at all.
        change = new BoundStatement(connection, """
                UPDATE OR IGNORE run
                SET state = ?3, revision = revision + 1, retries = retries + ?4,
                    updated_at = ?5, ended_at = ?6, number_check = retries + ?4 + ?5,
                    error_type = ?7, error_message = ?8, error_step = ?9,
                    output_kind = ?10, output_length = ?11, output_blob = ?12, output_check = ?13, output = ?14,
                    attributes = coalesce(?15, attributes), attributes_check = coalesce(?16, attributes_check),
                    state_check = ?17
                WHERE id = ?1 AND revision = ?2
                  AND state <> 'COMPLETED' AND state <> 'FAILED' AND state <> 'CANCELLED' AND state <> 'COMPENSATED'
                """);
        // The same for the end that nearly every run comes to, with as few parameters as it needs. It changes one row
        // or none, so there is nothing that OR FAIL could leave half done, and SQLite keeps no journal for it.
        end = new BoundStatement(connection, """
                UPDATE OR FAIL run
                SET state = ?3, revision = revision + 1, updated_at = ?4, ended_at = ?4, number_check = retries + ?4,
                    error_type = NULL, error_message = NULL, error_step = NULL, output_kind = ?5, output_length = ?6,
                    output_blob = ?7, output_check = ?8, state_check = ?9, output = ?10
                WHERE id = ?1 AND revision = ?2
                  AND state <> 'COMPLETED' AND state <> 'FAILED' AND state <> 'CANCELLED' AND state <> 'COMPENSATED'
                """);
        saveAttributes = new BoundStatement(connection, """
                UPDATE run
                SET attributes = ?2, attributes_check = ?3, updated_at = ?4, number_check = retries + ?4
                WHERE id = ?1 AND state <> 'COMPLETED' AND state <> 'FAILED' AND state <> 'CANCELLED' AND state <> 'COMPENSATED'
                """);
    }

    static String inputBlob(String runId) {
        return runId + "/input";
    }

    static String outputBlob(String runId, long revision) {
        return runId + "/output/" + revision;
    }

    static Checksum startChecksum(
            String id,
            String orchestration,
            String version,
            @Nullable String startKey,
            @Nullable String inputHash,
            @Nullable String singletonKey,
            long createdAt,
            @Nullable String headers,
            StoredBody input) {
        Checksum checksum = new Checksum()
                .text(id)
                .text(orchestration)
                .text(version)
                .text(startKey)
                .text(inputHash)
                .text(singletonKey)
                .number(createdAt)
                .text(headers);
        input.addTo(checksum);
        return checksum;
    }

    static Checksum stateChecksum(
            String state,
            long revision,
            @Nullable Long endedAt,
            @Nullable StepError error,
            @Nullable StoredBody output) {
        Checksum checksum = new Checksum().text(state).number(revision).number(endedAt);
        if (error != null) {
            StepTable.addError(checksum, error);
        }
        if (output != null) {
            output.addTo(checksum);
        }
        return checksum;
    }

    static Checksum attributesChecksum(String attributes) {
        return new Checksum().text(attributes);
    }

    static Checksum bodyChecksum(StoredBody body) {
        return new Checksum().bytes(body.bytes());
    }

    /** @param state to begin with: running or queued */
    StartOutcome start(NewRun run, RunState state) throws SQLException, Write.Undo {
        StoredBody input = StoredBody.of(run.input(), ROW_BODY_BYTES, inputBlob(run.id()));
        if (insert(run, state.name(), input) == 0) {
            return taken(run);
        }
        blobs.appendOverflow(input);
        return state == RunState.QUEUED ? new StartOutcome.Queued(run.id()) : new StartOutcome.Started(run.id());
    }

    private int insert(NewRun run, String state, StoredBody input) throws SQLException {
        long createdAt = Times.micros(run.createdAt());
        Checksum startCheck = startChecksum(
                run.id(),
                run.orchestration(),
                run.version(),
                run.startKey(),
                run.inputHash(),
                run.singletonKey(),
                createdAt,
                run.headers(),
                input);
        return insert.begin()
                .text(run.id())
                .text(run.orchestration())
                .text(run.version())
                .text(state)
                .text(run.startKey())
                .text(run.inputHash())
                .text(run.singletonKey())
                .number(createdAt)
                .text(run.headers())
                .text(input.kind())
                .number(input.length())
                .text(input.blobId())
                .number(startCheck.value())
                .number(stateChecksum(state, 0, null, null, null).value())
                .number(bodyChecksum(input).value())
                .bytes(input.bytes())
                .update();
    }

    /** What a repeated start has found: null when this one is the first with its key. */
    @Nullable
    StartOutcome known(NewRun run) throws SQLException {
        if (run.startKey() == null) {
            return null;
        }
        byStartKey.begin().text(run.orchestration()).text(run.startKey());
        try (ResultSet row = byStartKey.query()) {
            if (!row.next()) {
                return null;
            }
            String id = row.getString(1);
            return Objects.equals(run.inputHash(), row.getString(2))
                    ? new StartOutcome.Existing(id)
                    : new StartOutcome.KeyConflict(id);
        }
    }

    /** Why a run could not be written. The start key comes first: a repeated start finds its run, busy or not. */
    private StartOutcome taken(NewRun run) throws SQLException {
        StartOutcome known = known(run);
        if (known != null) {
            return known;
        }
        if (run.singletonKey() != null) {
            bySingleton.begin().text(run.singletonKey());
            try (ResultSet row = bySingleton.query()) {
                if (row.next()) {
                    return new StartOutcome.Busy(row.getString(1));
                }
            }
        }
        throw new IllegalArgumentException("There is a run with the id " + run.id() + " already");
    }

    /** Whether the change applied; when it did not, nothing was written. */
    boolean change(StateChange change) throws SQLException, Write.Undo {
        long revision = change.expectedRevision() + 1;
        Payload payload = change.output();
        StoredBody output =
                payload == null ? null : StoredBody.of(payload, ROW_BODY_BYTES, outputBlob(change.runId(), revision));
        boolean plainEnd = change.next().isFinal()
                && output != null
                && change.error() == null
                && change.attributes() == null
                && !change.manualRetry();
        int changed = output != null && plainEnd ? end(change, output) : update(change, output);
        if (changed == 1 && output != null) {
            blobs.appendOverflow(output);
        }
        return changed == 1;
    }

    private int end(StateChange change, StoredBody output) throws SQLException {
        String state = change.next().name();
        long at = Times.micros(change.at());
        return end.begin()
                .text(change.runId())
                .number(change.expectedRevision())
                .text(state)
                .number(at)
                .text(output.kind())
                .number(output.length())
                .text(output.blobId())
                .number(bodyChecksum(output).value())
                .number(stateChecksum(state, change.expectedRevision() + 1, at, null, output)
                        .value())
                .bytes(output.bytes())
                .update();
    }

    private int update(StateChange change, @Nullable StoredBody output) throws SQLException {
        RunState next = change.next();
        long at = Times.micros(change.at());
        Long endedAt = next.isFinal() || next == RunState.PARKED ? Long.valueOf(at) : null;
        StepError error = change.error();
        String attributes = change.attributes();
        return this.change
                .begin()
                .text(change.runId())
                .number(change.expectedRevision())
                .text(next.name())
                .number(change.manualRetry() ? 1 : 0)
                .number(at)
                .number(endedAt)
                .text(error == null ? null : error.type())
                .text(error == null ? null : error.message())
                .text(error == null ? null : error.step())
                .text(output == null ? null : output.kind())
                .number(output == null ? null : Long.valueOf(output.length()))
                .text(output == null ? null : output.blobId())
                .number(
                        output == null
                                ? null
                                : Long.valueOf(bodyChecksum(output).value()))
                .bytes(output == null ? null : output.bytes())
                .text(attributes)
                .number(
                        attributes == null
                                ? null
                                : Long.valueOf(attributesChecksum(attributes).value()))
                .number(stateChecksum(next.name(), change.expectedRevision() + 1, endedAt, error, output)
                        .value())
                .update();
    }

    void saveAttributes(String runId, String attributes, Instant at) throws SQLException {
        saveAttributes
                .begin()
                .text(runId)
                .text(attributes)
                .number(attributesChecksum(attributes).value())
                .number(Times.micros(at))
                .update();
    }
}
