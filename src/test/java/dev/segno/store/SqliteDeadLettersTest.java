package dev.segno.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.run.RunStore;
import dev.segno.spec.DeadLetterStoreContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteDeadLettersTest extends DeadLetterStoreContract {

    @Override
    protected RunStore open(Path directory) {
        return SqliteRunStore.open(directory);
    }

    @Override
    protected void sql(Path directory, String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("segno.db"));
                Statement any = connection.createStatement()) {
            any.executeUpdate(statement);
        }
    }

    /** Dead letters are few among many runs: what is asked of them must not look at the others. */
    @Test
    void onlyDeadLettersAreLookedAt(@TempDir Path temporary) throws Exception {
        try (RunStore store = open(temporary);
                Connection connection = DriverManager.getConnection("jdbc:sqlite:" + temporary.resolve("segno.db"))) {
            assertThat(store.isWritable()).isTrue();
            assertThat(plan(connection, DeadLetterQueries.CAUSES))
                    .containsExactly("SCAN run USING COVERING INDEX run_dead_cause");
            assertThat(plan(connection, DeadLetterQueries.RUNS_OF))
                    .singleElement()
                    .asString()
                    .startsWith("SEARCH run USING COVERING INDEX run_dead_cause (orchestration=? AND error_step=?");
            assertThat(plan(connection, RunQueries.DEAD))
                    .containsExactly(
                            "SEARCH run USING COVERING INDEX run_dead (id<?)", "SEARCH run USING PRIMARY KEY (id=?)");
        }
    }

    private static List<String> plan(Connection connection, String query) throws SQLException {
        List<String> plan = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("EXPLAIN QUERY PLAN " + query)) {
            while (rows.next()) {
                plan.add(rows.getString("detail"));
            }
        }
        return plan;
    }
}
