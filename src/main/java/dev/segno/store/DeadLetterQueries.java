package dev.segno.store;

import dev.segno.run.DeadLetterCause;
import dev.segno.run.Edit;
import dev.segno.run.Payload;
import dev.segno.run.Repin;
import dev.segno.run.StepError;
import dev.segno.run.StepKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads what stands, and what manual retries have changed. Safe for use by many threads. */
final class DeadLetterQueries {

    private static final String DEAD = "(state = 'PARKED' OR state = 'BLOCKED')";

    static final String CAUSES = """
            SELECT orchestration, error_type, error_message, error_step, count(*), min(updated_at), max(updated_at),
                   min(id), max(id)
            FROM run INDEXED BY run_dead_cause WHERE %s
            GROUP BY orchestration, error_step, error_type, error_message
            """.formatted(DEAD);

    static final String RUNS_OF = """
            SELECT id FROM run INDEXED BY run_dead_cause
            WHERE %s AND orchestration = ? AND error_step IS ? AND error_type IS ? AND error_message IS ?
            ORDER BY id LIMIT ?
            """.formatted(DEAD);

    private static final String EDITS = """
            SELECT run_id, key, retry, edited_at, body_kind, variables, row_check, body
            FROM edit WHERE run_id = ? ORDER BY sequence
            """;

    private static final String REPINS = """
            SELECT run_id, retry, old_version, new_version, repinned_at, row_check
            FROM repin WHERE run_id = ? ORDER BY retry
            """;

    private final ReadConnections connections;

    DeadLetterQueries(ReadConnections connections) {
        this.connections = connections;
    }

    void causes(Consumer<DeadLetterCause> consumer) {
        connections.read("The dead letters", reader -> {
            try (ResultSet result = reader.prepare(CAUSES).query()) {
                Row row = new Row(result);
                while (row.next()) {
                    consumer.accept(cause(row));
                }
            }
            return true;
        });
    }

    /** Not covered by a checksum of its own: nothing is done because of it but to look at the runs themselves. */
    private static DeadLetterCause cause(Row row) throws SQLException, UnreadableRow {
        String orchestration = row.text();
        String type = row.textOrNull();
        String message = row.textOrNull();
        return new DeadLetterCause(
                orchestration,
                new StepError(type == null ? "" : type, message == null ? "" : message, row.textOrNull()),
                row.number(),
                Times.instant(row.number()),
                Times.instant(row.number()),
                row.text(),
                row.text());
    }

    List<String> runsOf(DeadLetterCause cause, int limit) {
        return connections.read("The dead letters", reader -> {
            StepError error = cause.error();
            List<String> ids = new ArrayList<>();
            try (ResultSet result = reader.prepare(RUNS_OF)
                    .text(cause.orchestration())
                    .text(error.step())
                    .text(error.type())
                    .text(error.message())
                    .number(limit)
                    .query()) {
                while (result.next()) {
                    ids.add(result.getString(1));
                }
            }
            return ids;
        });
    }

    List<Edit> edits(String runId) {
        return connections.read("The edits of run " + runId, reader -> {
            List<Edit> edits = new ArrayList<>();
            try (ResultSet result = reader.prepare(EDITS).text(runId).query()) {
                Row row = new Row(result);
                while (row.next()) {
                    edits.add(edit(row));
                }
            }
            return edits;
        });
    }

    private static Edit edit(Row row) throws SQLException, UnreadableRow {
        String runId = row.text();
        StepKey key = new StepKey(row.text());
        int retry = Math.toIntExact(row.number());
        long at = row.number();
        String kind = row.textOrNull();
        String variables = row.textOrNull();
        long check = row.number();
        byte[] bytes = row.bytesOrNull();
        Payload.Inline body = kind == null
                ? null
                : new Payload.Inline(
                        UnreadableRow.constant(Payload.Kind.class, kind), bytes == null ? new byte[0] : bytes);
        Edit edit = new Edit(key, retry, body, variables, Times.instant(at));
        UnreadableRow.requireChecksum(check, RetryTable.checksum(runId, edit), "the edit of step " + key);
        return edit;
    }

    List<Repin> repins(String runId) {
        return connections.read("The versions of run " + runId, reader -> {
            List<Repin> repins = new ArrayList<>();
            try (ResultSet result = reader.prepare(REPINS).text(runId).query()) {
                Row row = new Row(result);
                while (row.next()) {
                    row.skip(1);
                    Repin repin = new Repin(
                            Math.toIntExact(row.number()), row.text(), row.text(), Times.instant(row.number()));
                    UnreadableRow.requireChecksum(
                            row.number(), RetryTable.checksum(runId, repin), "a change of the version");
                    repins.add(repin);
                }
            }
            return repins;
        });
    }
}
