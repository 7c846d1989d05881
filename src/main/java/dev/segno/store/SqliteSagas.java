package dev.segno.store;

import dev.segno.run.Run;
import dev.segno.run.RunState;
import dev.segno.run.SagaQuery;
import dev.segno.run.SagaStatistics;
import dev.segno.run.SagaStore;
import java.sql.ResultSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Runs with sagas in the embedded database. Thread-safe. */
final class SqliteSagas implements SagaStore {

    private static final String STATISTICS = "SELECT state, count(*), sum(" + RunQueries.STUCK + ") FROM ("
            + RunQueries.SAGAS + ") CROSS JOIN run ON run.id = saga_id GROUP BY state";

    private final RunQueries runs;
    private final ReadConnections connections;

    SqliteSagas(RunQueries runs, ReadConnections connections) {
        this.runs = runs;
        this.connections = connections;
    }

    @Override
    public List<Run> list(SagaQuery query) {
        return runs.list(query);
    }

    @Override
    public SagaStatistics statistics() {
        return connections.read("The statistics of sagas", reader -> {
            Map<RunState, Long> byState = new EnumMap<>(RunState.class);
            long stuck = 0;
            try (ResultSet result = reader.prepare(STATISTICS).query()) {
                Row row = new Row(result);
                while (row.next()) {
                    byState.put(UnreadableRow.constant(RunState.class, row.text()), row.number());
                    stuck += row.number();
                }
            }
            return new SagaStatistics(byState, stuck);
        });
    }
}
