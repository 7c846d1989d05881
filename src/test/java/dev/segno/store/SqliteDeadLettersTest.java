package dev.segno.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.run.DeadLetterQuery;
import dev.segno.run.RunStore;
import dev.segno.spec.DeadLetterStoreContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
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

    /** Rows that were not written by the store cannot be read, so that a page looks at every dead letter. */
    @Test
    void aMillionRunsDoNotSlowDownThoseThatStand(@TempDir Path temporary) throws Exception {
        try (RunStore store = open(temporary)) {
            sql(temporary, """
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
                    INSERT INTO run (id, orchestration, version, state, created_at, updated_at, input_kind, input_length,
                                     start_check, state_check, attributes_check, number_check, input_check,
                                     error_type, error_message, error_step)
                    SELECT printf('01RUN%021d', i), 'sync', 'v1', iif(i % 1000 = 0, 'PARKED', 'COMPLETED'), i, i, 'NONE', 0,
                           0, 0, 0, 0, 0, iif(i % 1000 = 0, 'java.net.ConnectException', NULL),
                           iif(i % 1000 = 0, 'item ' || (i % 7) || ' refused', NULL), iif(i % 1000 = 0, 'fetch', NULL)
                    FROM n
                    """);
            long[] counted = new long[2];
            long began = System.nanoTime();
            store.deadLetters().causes(cause -> {
                counted[0]++;
                counted[1] += cause.count();
            });
            store.deadLetters()
                    .list(new DeadLetterQuery(
                            Optional.of("sync"), Optional.of("none"), Optional.of("None"), Optional.empty(), 50));
            Duration took = Duration.ofNanos(System.nanoTime() - began);

            assertThat(counted).containsExactly(7, 1_000);
            assertThat(took).isLessThan(Duration.ofMillis(400));
        }
    }
}
