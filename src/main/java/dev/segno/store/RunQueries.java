package dev.segno.store;

import dev.segno.run.DeadLetterQuery;
import dev.segno.run.Payload;
import dev.segno.run.Run;
import dev.segno.run.RunQuery;
import dev.segno.run.RunState;
import dev.segno.run.RunStore;
import dev.segno.run.SagaQuery;
import dev.segno.run.StepError;
import dev.segno.store.ReadConnections.Reader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads runs. Safe for use by many threads. */
final class RunQueries {

    private static final String COLUMNS = """
        id, orchestration, version, state, revision, start_key, input_hash, singleton_key, retries,
        created_at, updated_at, ended_at, error_type, error_message, error_step, attributes, headers,
        input_kind, input_length, input_blob, output_kind, output_length, output_blob,
        start_check, state_check, attributes_check, number_check, json_valid(attributes), json_valid(headers)\
        """;

    private static final String FIND =
            "SELECT " + COLUMNS + ", input_check, input, output_check, output FROM run WHERE id = ?";

    private static final String NEWEST_FIRST = " ORDER BY id DESC";

    /** Without a limit: rows are taken one by one until there are enough that can be read. */
    private static final String ALL = "SELECT " + COLUMNS + " FROM run WHERE id < ?" + NEWEST_FIRST;

    private static final String OF_ORCHESTRATION =
            "SELECT " + COLUMNS + " FROM run WHERE orchestration = ? AND id < ?" + NEWEST_FIRST;

    /** The index holds all runs but the completed ones, and is used when that is said. */
    private static final String INDEXED_STATE = "state = ? AND state <> 'COMPLETED'";

    private static final String IN_STATE =
            "SELECT " + COLUMNS + " FROM run WHERE " + INDEXED_STATE + " AND id < ?" + NEWEST_FIRST;

    private static final String COMPLETED =
            "SELECT " + COLUMNS + " FROM run WHERE state = 'COMPLETED' AND id < ?" + NEWEST_FIRST;

    /** Most runs of an orchestration that are looked at one by one, when only those in some state are asked for. */
    private static final int FEW = 5_000;

    private static final String SOME_OF_ORCHESTRATION = "SELECT count(*) FROM (SELECT 1 FROM run"
            + " INDEXED BY run_by_orchestration WHERE orchestration = ? AND id < ? LIMIT " + FEW + ")";

    private static final String OF_SMALL_ORCHESTRATION_IN_STATE = "SELECT " + COLUMNS
            + " FROM run INDEXED BY run_by_orchestration WHERE orchestration = ? AND state = ? AND id < ?"
            + NEWEST_FIRST;

    private static final String OF_LARGE_ORCHESTRATION_IN_STATE = "SELECT " + COLUMNS
            + " FROM run INDEXED BY run_by_state WHERE orchestration = ? AND " + INDEXED_STATE + " AND id < ?"
            + NEWEST_FIRST;

    private static final String RESUMABLE = "SELECT " + COLUMNS + " FROM run WHERE state IN ('RUNNING', 'COMPENSATING')"
            + " AND state <> 'COMPLETED' ORDER BY id";

    /** The index answers the filters, so that only the rows of the page are looked up. */
    static final String DEAD = "SELECT " + COLUMNS + """
         FROM (SELECT id AS dead_id FROM run INDEXED BY run_dead
               WHERE (state = 'PARKED' OR state = 'BLOCKED') AND id < ?1
                 AND (?2 IS NULL OR orchestration = ?2)
                 AND (?3 IS NULL OR error_step = ?3)
                 AND (?4 IS NULL OR error_type = ?4 OR substr(error_type, -length(?4) - 1) = '.' || ?4))
         CROSS JOIN run ON run.id = dead_id
        ORDER BY dead_id DESC
        """;

    /** The ids of the runs that have a saga. */
    static final String SAGAS = "SELECT DISTINCT run_id AS saga_id FROM step INDEXED BY step_saga WHERE kind = 'saga'";

    /** Whether a run stands at a compensation that used up its tries. */
    static final String STUCK =
            "((state = 'PARKED' OR state = 'BLOCKED') AND error_step IS NOT NULL AND error_step LIKE 'compensation/%')";

    private static final String WITH_SAGA = "SELECT " + COLUMNS + " FROM (" + SAGAS + " AND run_id < ?1)"
            + " CROSS JOIN run ON run.id = saga_id WHERE (?2 IS NULL OR state = ?2) AND (?3 = 0 OR " + STUCK + ")"
            + " ORDER BY saga_id DESC";

    /** Sorts behind every id. */
    private static final String BEHIND_ALL = "\uFFFF";

    private final ReadConnections connections;
    private final BlobQueries blobs;
    private final Quarantine quarantine = new Quarantine();

    RunQueries(ReadConnections connections, BlobQueries blobs) {
        this.connections = connections;
        this.blobs = blobs;
    }

    Optional<Run> find(String runId) {
        return connections.read("Run " + runId, reader -> {
            try (ResultSet result = reader.prepare(FIND).text(runId).query()) {
                Row row = new Row(result);
                return row.next() ? Optional.of(read(row, reader)) : Optional.empty();
            }
        });
    }

    List<Run> list(RunQuery query) {
        return connections.read("The list of runs", reader -> {
            String before = query.before().orElse(BEHIND_ALL);
            BoundStatement statement = query.orchestration().isPresent()
                    ? ofOrchestration(reader, query.orchestration().get(), query.state(), before)
                    : inState(reader, query.state());
            return readable(statement.text(before), query.limit());
        });
    }

    /** Runs that began after a time, newest first. Ids sort by time, so the walk over all ends where they are older. */
    List<Run> since(Instant time, int limit) {
        List<Run> newest = connections.read(
                "The list of runs", reader -> readable(reader.prepare(ALL).text(BEHIND_ALL), limit));
        return newest.stream().takeWhile(run -> !run.createdAt().isBefore(time)).toList();
    }

    List<Run> list(DeadLetterQuery query) {
        return connections.read(
                "The list of dead letters",
                reader -> readable(
                        reader.prepare(DEAD)
                                .text(query.before().orElse(BEHIND_ALL))
                                .text(query.orchestration().orElse(null))
                                .text(query.step().orElse(null))
                                .text(query.errorType().orElse(null)),
                        query.limit()));
    }

    List<Run> list(SagaQuery query) {
        return connections.read(
                "The list of sagas",
                reader -> readable(
                        reader.prepare(WITH_SAGA)
                                .text(query.before().orElse(BEHIND_ALL))
                                .text(query.state().map(RunState::name).orElse(null))
                                .number(query.stuck() ? 1 : 0),
                        query.limit()));
    }

    private static BoundStatement inState(Reader reader, Optional<RunState> state) throws SQLException {
        if (state.isEmpty()) {
            return reader.prepare(ALL);
        }
        return state.get() == RunState.COMPLETED
                ? reader.prepare(COMPLETED)
                : reader.prepare(IN_STATE).text(state.get().name());
    }

    private static BoundStatement ofOrchestration(
            Reader reader, String orchestration, Optional<RunState> state, String before) throws SQLException {
        if (state.isEmpty()) {
            return reader.prepare(OF_ORCHESTRATION).text(orchestration);
        }
        boolean few;
        try (ResultSet count = reader.prepare(SOME_OF_ORCHESTRATION)
                .text(orchestration)
                .text(before)
                .query()) {
            few = count.next() && count.getInt(1) < FEW;
        }
        return reader.prepare(
                        few || state.get() == RunState.COMPLETED
                                ? OF_SMALL_ORCHESTRATION_IN_STATE
                                : OF_LARGE_ORCHESTRATION_IN_STATE)
                .text(orchestration)
                .text(state.get().name());
    }

    List<String> resumable() {
        return connections.read(
                "The list of unfinished runs",
                reader -> readable(reader.prepare(RESUMABLE), Integer.MAX_VALUE).stream()
                        .map(Run::id)
                        .toList());
    }

    private List<Run> readable(BoundStatement statement, int limit) throws SQLException {
        List<Run> runs = new ArrayList<>();
        try (ResultSet result = statement.query()) {
            Row row = new Row(result);
            while (runs.size() < limit && row.next()) {
                try {
                    runs.add(read(row, null));
                } catch (UnreadableRow e) {
                    quarantine.report("Run " + result.getString(1), e);
                }
            }
        }
        return runs;
    }

    /** @param bodies reads long bodies; {@code null} when the row has been selected without bodies */
    private Run read(Row row, @Nullable Reader bodies) throws SQLException, UnreadableRow {
        String id = row.text();
        String orchestration = row.text();
        String version = row.text();
        String state = row.text();
        long revision = row.number();
        String startKey = row.textOrNull();
        String inputHash = row.textOrNull();
        String singletonKey = row.textOrNull();
        long retries = row.number();
        long createdAt = row.number();
        long updatedAt = row.number();
        Long endedAt = row.numberOrNull();
        StepError error = error(row.textOrNull(), row.textOrNull(), row.textOrNull());
        String attributes = row.text();
        String headers = row.textOrNull();
        StoredBody input = body(row.text(), row.number(), row.textOrNull());
        String outputKind = row.textOrNull();
        long outputLength = row.number();
        String outputBlob = row.textOrNull();
        StoredBody output = outputKind == null ? null : body(outputKind, outputLength, outputBlob);
        UnreadableRow.requireChecksum(
                row.number(),
                RunTable.startChecksum(
                        id, orchestration, version, startKey, inputHash, singletonKey, createdAt, headers, input),
                "what it was started with");
        UnreadableRow.requireChecksum(
                row.number(), RunTable.stateChecksum(state, revision, endedAt, error, output), "its state");
        UnreadableRow.requireChecksum(row.number(), RunTable.attributesChecksum(attributes), "its attributes");
        if (row.number() != retries + updatedAt) {
            throw new UnreadableRow("wrong checksum of its number of retries");
        }
        requireJson(row.number(), "its attributes");
        if (headers == null) {
            row.number();
        } else {
            requireJson(row.number(), "its headers");
        }
        return new Run(
                id,
                orchestration,
                version,
                UnreadableRow.constant(RunState.class, state),
                revision,
                bodies == null ? Payload.NONE : payload(row, input, RunTable.inputBlob(id), bodies),
                headers,
                startKey,
                inputHash,
                singletonKey,
                Math.toIntExact(retries),
                bodies == null || output == null
                        ? null
                        : payload(row, output, RunTable.outputBlob(id, revision), bodies),
                error,
                attributes,
                Times.instant(createdAt),
                Times.instant(updatedAt),
                Times.instantOrNull(endedAt));
    }

    private static @Nullable StepError error(@Nullable String type, @Nullable String message, @Nullable String step)
            throws UnreadableRow {
        if (type == null) {
            return null;
        }
        if (message == null) {
            throw new UnreadableRow("its error has no message");
        }
        return new StepError(type, message, step);
    }

    private static StoredBody body(String kind, long length, @Nullable String blobId) {
        return new StoredBody(kind, null, blobId, length, null);
    }

    private static void requireJson(long valid, String what) throws UnreadableRow {
        if (valid != 1) {
            throw new UnreadableRow("no JSON in " + what);
        }
    }

    /** Reads the bytes; those that only the table's layout has put elsewhere come back as they were given. */
    private Payload payload(Row row, StoredBody body, String ownBlobId, Reader reader)
            throws SQLException, UnreadableRow {
        long check = row.number();
        byte[] bytes = row.bytesOrNull();
        StoredBody read = new StoredBody(
                body.kind(), body.blobId() == null ? orEmpty(bytes) : null, body.blobId(), body.length(), null);
        UnreadableRow.requireChecksum(check, RunTable.bodyChecksum(read), "a body");
        if (ownBlobId.equals(body.blobId()) && body.length() <= RunStore.INLINE_BYTES) {
            return new Payload.Inline(
                    UnreadableRow.constant(Payload.Kind.class, body.kind()), blobs.piece(reader, ownBlobId, 0));
        }
        return read.toPayload();
    }

    private static byte[] orEmpty(byte @Nullable [] bytes) {
        return bytes == null ? new byte[0] : bytes;
    }
}
