package dev.segno.store;

import dev.segno.run.ParentLink;
import dev.segno.run.RunStore.DueWait;
import dev.segno.run.StepKey;
import dev.segno.run.Wait;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what runs wait for, and the runs that they came from. Safe for use by many threads. */
final class WaitQueries {

    private static final String OF_RUN = WaitRow.SELECT + " WHERE run_id = ?";

    private static final String DUE =
            "SELECT run_id, key FROM wait WHERE until IS NOT NULL AND until <= ? ORDER BY until LIMIT ?";

    private static final String NEXT_DUE = "SELECT min(until) FROM wait WHERE until IS NOT NULL";

    private static final String ENDED_BUT_AWAITED = """
            SELECT DISTINCT child_id
            FROM wait JOIN run ON run.id = coalesce(
                (SELECT run_id FROM chain WHERE first_id = child_id ORDER BY number DESC LIMIT 1), child_id)
            WHERE child_id IS NOT NULL
              AND (state = 'COMPLETED' OR state = 'FAILED' OR state = 'CANCELLED' OR state = 'COMPENSATED')
            """;

    private static final String PARENT =
            "SELECT run_id, parent_id, parent_step, kind, row_check FROM parent WHERE run_id = ?";

    private static final String CHILDREN = "SELECT run_id FROM parent WHERE parent_id = ? AND kind = ? ORDER BY run_id";

    /** From the open runs: they are fewer than those that were ever cancelled. The last condition is that of the index. */
    private static final String OPEN_CHILDREN_OF_CANCELLED = """
            SELECT child.id FROM run AS child JOIN parent ON parent.run_id = child.id
                                              JOIN run AS other ON other.id = parent_id
            WHERE child.state IN ('QUEUED', 'RUNNING', 'WAITING', 'PARKED', 'BLOCKED', 'COMPENSATING')
              AND child.state <> 'COMPLETED' AND kind = 'CHILD' AND other.state = 'CANCELLED'
            ORDER BY child.id
            """;

    private final ReadConnections connections;

    WaitQueries(ReadConnections connections) {
        this.connections = connections;
    }

    Optional<Wait> of(String runId) {
        return connections.read("What run " + runId + " waits for", reader -> {
            try (ResultSet result = reader.prepare(OF_RUN).text(runId).query()) {
                Row row = new Row(result);
                return row.next() ? Optional.of(WaitRow.read(row)) : Optional.empty();
            }
        });
    }

    List<DueWait> due(Instant now, int limit) {
        return connections.read("The waits that are due", reader -> {
            List<DueWait> due = new ArrayList<>();
            try (ResultSet result =
                    reader.prepare(DUE).number(Times.micros(now)).number(limit).query()) {
                while (result.next()) {
                    due.add(new DueWait(result.getString(1), new StepKey(result.getString(2))));
                }
            }
            return due;
        });
    }

    Optional<Instant> nextDue() {
        return connections.read("The next wait", reader -> {
            try (ResultSet result = reader.prepare(NEXT_DUE).query()) {
                Row row = new Row(result);
                return row.next() ? Optional.ofNullable(Times.instantOrNull(row.numberOrNull())) : Optional.empty();
            }
        });
    }

    List<String> endedButAwaited() {
        return connections.read("The ended runs that others wait for", reader -> {
            try (ResultSet result = reader.prepare(ENDED_BUT_AWAITED).query()) {
                return ids(result);
            }
        });
    }

    Optional<ParentLink> parentOf(String runId) {
        return connections.read("The parent of run " + runId, reader -> {
            try (ResultSet result = reader.prepare(PARENT).text(runId).query()) {
                Row row = new Row(result);
                return row.next() ? Optional.of(parent(row)) : Optional.empty();
            }
        });
    }

    private static ParentLink parent(Row row) throws SQLException, UnreadableRow {
        String runId = row.text();
        ParentLink parent = new ParentLink(
                row.text(), new StepKey(row.text()), UnreadableRow.constant(ParentLink.Kind.class, row.text()));
        UnreadableRow.requireChecksum(row.number(), WaitTable.checksum(runId, parent), "the parent of run " + runId);
        return parent;
    }

    List<String> childrenOf(String runId, ParentLink.Kind kind) {
        return connections.read("The children of run " + runId, reader -> {
            try (ResultSet result =
                    reader.prepare(CHILDREN).text(runId).text(kind.name()).query()) {
                return ids(result);
            }
        });
    }

    List<String> openChildrenOfCancelled() {
        return connections.read("The open children of cancelled runs", reader -> {
            try (ResultSet result = reader.prepare(OPEN_CHILDREN_OF_CANCELLED).query()) {
                return ids(result);
            }
        });
    }

    private static List<String> ids(ResultSet result) throws SQLException {
        List<String> ids = new ArrayList<>();
        while (result.next()) {
            ids.add(result.getString(1));
        }
        return ids;
    }
}
