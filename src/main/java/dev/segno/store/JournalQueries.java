package dev.segno.store;

import dev.segno.run.Attempt;
import dev.segno.run.Definition;
import dev.segno.run.RunStore.SequencedRecord;
import dev.segno.run.StepError;
import dev.segno.run.StepKey;
import dev.segno.run.StepRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads journals, and the versions that they belong to. Safe for use by many threads. */
final class JournalQueries {

    private static final String JOURNAL = """
            SELECT sequence, run_id, key, outcome, attempt, started_at, ended_at, row_check,
                   body_kind, body_length, body_blob, changes, error_type, error_message, error_step, clause, retry, body
            FROM step WHERE run_id = ? AND sequence > ? ORDER BY sequence LIMIT ?
            """;

    private static final String ATTEMPTS = """
            SELECT run_id, key, number, retry, started_at, ended_at, row_check, error_type, error_message, error_step
            FROM attempt WHERE run_id = ? ORDER BY sequence
            """;

    private static final String DEFINITION = """
            SELECT orchestration, version, path, source, settings, loaded_at, row_check
            FROM definition WHERE orchestration = ? AND version = ?
            """;

    private final ReadConnections connections;

    JournalQueries(ReadConnections connections) {
        this.connections = connections;
    }

    List<SequencedRecord> records(String runId, long after, int limit) {
        return connections.read("The journal of run " + runId, reader -> {
            List<SequencedRecord> records = new ArrayList<>();
            try (ResultSet result = reader.prepare(JOURNAL)
                    .text(runId)
                    .number(after)
                    .number(limit)
                    .query()) {
                Row row = new Row(result);
                while (row.next()) {
                    records.add(record(row));
                }
            }
            return records;
        });
    }

    private static SequencedRecord record(Row row) throws SQLException, UnreadableRow {
        long sequence = row.number();
        String runId = row.text();
        String key = row.text();
        String outcome = row.text();
        long attempt = row.number();
        long startedAt = row.number();
        long endedAt = row.number();
        long check = row.number();
        Checksum checksum = StepTable.checksum(runId, key, attempt, startedAt, endedAt);
        StepRecord.Outcome read = switch (outcome) {
            case "completed" -> completed(row, checksum);
            case "handled" -> handled(row, checksum);
            case "registered" -> registered(row, checksum);
            case StepTable.SIGNALLED, StepTable.TIMED_OUT -> awaited(row, checksum, outcome);
            default -> throw new UnreadableRow("step " + key + " has the unknown outcome '" + outcome + "'");
        };
        UnreadableRow.requireChecksum(check, checksum, "the record of step " + key);
        return new SequencedRecord(
                sequence,
                new StepRecord(
                        new StepKey(key),
                        Math.toIntExact(attempt),
                        Times.instant(startedAt),
                        Times.instant(endedAt),
                        read));
    }

    private static StepRecord.Completed completed(Row row, Checksum checksum) throws SQLException, UnreadableRow {
        String kind = row.text();
        long length = row.number();
        String blobId = row.textOrNull();
        String changes = row.textOrNull();
        row.skip(5);
        byte[] bytes = row.bytesOrNull();
        StoredBody body = blobId == null ? inRow(kind, bytes) : new StoredBody(kind, null, blobId, length, null);
        body.addTo(checksum);
        checksum.text(changes).bytes(body.bytes());
        return new StepRecord.Completed(body.toPayload(), changes);
    }

    private static StoredBody inRow(String kind, byte @Nullable [] bytes) {
        byte[] present = bytes == null ? new byte[0] : bytes;
        return new StoredBody(kind, present, null, present.length, null);
    }

    private static StepRecord.Registered registered(Row row, Checksum checksum) throws SQLException, UnreadableRow {
        row.skip(3);
        String options = row.text();
        checksum.text(options);
        return new StepRecord.Registered(options);
    }

    private static StepRecord.Outcome awaited(Row row, Checksum checksum, String outcome)
            throws SQLException, UnreadableRow {
        String kind = row.text();
        row.skip(8);
        StoredBody body = inRow(kind, row.bytesOrNull());
        body.addTo(checksum);
        checksum.bytes(body.bytes());
        return outcome.equals(StepTable.SIGNALLED)
                ? new StepRecord.Signalled(body.toPayload())
                : new StepRecord.TimedOut();
    }

    private static StepRecord.HandledFailure handled(Row row, Checksum checksum) throws SQLException, UnreadableRow {
        row.skip(4);
        StepError error = new StepError(row.text(), row.text(), row.textOrNull());
        String clause = row.textOrNull();
        long retry = row.number();
        StepTable.addError(checksum, error);
        checksum.text(clause).number(retry);
        return new StepRecord.HandledFailure(error, clause, Math.toIntExact(retry));
    }

    List<Attempt> attempts(String runId) {
        return connections.read("The attempts of run " + runId, reader -> {
            List<Attempt> attempts = new ArrayList<>();
            try (ResultSet result = reader.prepare(ATTEMPTS).text(runId).query()) {
                Row row = new Row(result);
                while (row.next()) {
                    attempts.add(attempt(row));
                }
            }
            return attempts;
        });
    }

    private static Attempt attempt(Row row) throws SQLException, UnreadableRow {
        String runId = row.text();
        String key = row.text();
        long number = row.number();
        long retry = row.number();
        long startedAt = row.number();
        long endedAt = row.number();
        long check = row.number();
        StepError error = new StepError(row.text(), row.text(), row.textOrNull());
        Checksum checksum = StepTable.checksum(runId, key, number, startedAt, endedAt);
        checksum.number(retry);
        StepTable.addError(checksum, error);
        UnreadableRow.requireChecksum(check, checksum, "an attempt of step " + key);
        return new Attempt(
                new StepKey(key),
                Math.toIntExact(number),
                Math.toIntExact(retry),
                Times.instant(startedAt),
                Times.instant(endedAt),
                error);
    }

    Optional<Definition> definition(String orchestration, String version) {
        return connections.read("Version " + version + " of " + orchestration, reader -> {
            try (ResultSet result =
                    reader.prepare(DEFINITION).text(orchestration).text(version).query()) {
                Row row = new Row(result);
                return row.next() ? Optional.of(definition(row)) : Optional.empty();
            }
        });
    }

    private static Definition definition(Row row) throws SQLException, UnreadableRow {
        Definition definition =
                new Definition(row.text(), row.text(), row.text(), row.text(), row.text(), Times.instant(row.number()));
        UnreadableRow.requireChecksum(row.number(), DefinitionTable.checksum(definition), "the version");
        return definition;
    }
}
