package dev.segno.store;

import dev.segno.run.RunState;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * How many runs of an orchestration are in a state that is not final.
 *
 * @param runs at least 1
 */
public record OpenRuns(String orchestration, RunState state, long runs) {

    /** The index answers it alone. */
    static final String COUNT = """
            SELECT orchestration, state, count(*) FROM run INDEXED BY run_by_state
            WHERE state IN ('QUEUED', 'RUNNING', 'WAITING', 'COMPENSATING', 'PARKED', 'BLOCKED')
              AND state <> 'COMPLETED'
            GROUP BY state, orchestration ORDER BY orchestration, state
            """;

    static OpenRuns of(ResultSet row) throws SQLException {
        return new OpenRuns(row.getString(1), RunState.valueOf(row.getString(2)), row.getLong(3));
    }
}
