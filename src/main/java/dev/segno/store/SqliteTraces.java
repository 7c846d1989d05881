package dev.segno.store;

import dev.segno.run.Run;
import dev.segno.run.RunState;
import dev.segno.trace.TraceStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What traces are made of, in the tables of runs. Safe for use by many threads. */
final class SqliteTraces implements TraceStore {

    /** The conditions are those of the indexes in V15, to the letter. */
    private static final String OF_CORRELATION = "SELECT id FROM run WHERE CASE WHEN json_valid(headers) THEN"
            + " json_extract(headers, '$.\"X-Correlation-ID\"') END = ? AND instr(headers, '\"X-Correlation-ID\"') > 0"
            + " ORDER BY id";

    private static final String OF_TRACE = "SELECT id FROM run WHERE CASE WHEN json_valid(headers) THEN"
            + " substr(json_extract(headers, '$.traceparent'), 4, 32) END = ? AND instr(headers, '\"traceparent\"') > 0"
            + " ORDER BY id";

    private static final String STEPS =
            "SELECT key, kind, attempt, started_at, ended_at, changes, error_message FROM step"
                    + " WHERE run_id = ? ORDER BY sequence";

    /** The index of V1 holds all but the completed ones. */
    private static final String STATES = "SELECT state, count(*) FROM run WHERE state <> 'COMPLETED' GROUP BY state";

    private static final String ALL = "SELECT count(*) FROM run";

    /** Without a name all orchestrations, without states all states. */
    private static final String COUNT = "SELECT count(*) FROM run WHERE (?1 IS NULL OR orchestration = ?1)"
            + " AND (?2 = '' OR instr(?2, ',' || state || ',') > 0)";

    private final RunQueries runs;
    private final ReadConnections connections;

    SqliteTraces(RunQueries runs, ReadConnections connections) {
        this.runs = runs;
        this.connections = connections;
    }

    @Override
    public List<String> runsOf(String correlationOrTraceId, int limit) {
        return connections.read("The runs of a trace", reader -> {
            List<String> ids = ids(
                    reader.prepare(OF_CORRELATION).text(correlationOrTraceId).query(), limit);
            return ids.isEmpty()
                    ? ids(reader.prepare(OF_TRACE).text(correlationOrTraceId).query(), limit)
                    : ids;
        });
    }

    private static List<String> ids(ResultSet rows, int limit) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (ResultSet result = rows) {
            while (ids.size() < limit && result.next()) {
                ids.add(result.getString(1));
            }
        }
        return ids;
    }

    @Override
    public List<Run> since(Instant time, int limit) {
        return runs.since(time, limit);
    }

    @Override
    public Map<RunState, Long> states() {
        return connections.read("The number of runs", reader -> {
            Map<RunState, Long> states = new EnumMap<>(RunState.class);
            long others = 0;
            try (ResultSet result = reader.prepare(STATES).query()) {
                Row row = new Row(result);
                while (row.next()) {
                    RunState state = UnreadableRow.constant(RunState.class, row.text());
                    long count = row.number();
                    states.put(state, count);
                    others += count;
                }
            }
            try (ResultSet result = reader.prepare(ALL).query()) {
                states.put(RunState.COMPLETED, (result.next() ? result.getLong(1) : 0) - others);
            }
            return states;
        });
    }

    @Override
    public long count(Optional<String> orchestration, List<RunState> states) {
        String wanted =
                states.isEmpty() ? "" : states.stream().map(RunState::name).collect(Collectors.joining(",", ",", ","));
        return connections.read("The number of runs", reader -> {
            try (ResultSet result = reader.prepare(COUNT)
                    .text(orchestration.orElse(null))
                    .text(wanted)
                    .query()) {
                return result.next() ? result.getLong(1) : 0L;
            }
        });
    }

    @Override
    public List<RecordedStep> steps(String runId) {
        return connections.read("The steps of run " + runId, reader -> {
            List<RecordedStep> steps = new ArrayList<>();
            try (ResultSet result = reader.prepare(STEPS).text(runId).query()) {
                Row row = new Row(result);
                while (row.next()) {
                    steps.add(new RecordedStep(
                            row.text(),
                            row.text(),
                            (int) row.number(),
                            Times.instant(row.number()),
                            Times.instant(row.number()),
                            row.textOrNull(),
                            row.textOrNull()));
                }
            }
            return steps;
        });
    }
}
