package dev.segno.store;

import dev.segno.run.RunStore;
import dev.segno.spec.ScheduleStoreContract;
import dev.segno.trigger.ScheduleStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

class SqliteScheduleStoreTest extends ScheduleStoreContract {

    @Override
    protected RunStore open(Path directory) {
        return SqliteRunStore.open(directory);
    }

    @Override
    protected ScheduleStore schedules(RunStore store) {
        return ((SqliteRunStore) store).schedules();
    }

    @Override
    protected void sql(Path directory, String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("segno.db"));
                Statement any = connection.createStatement()) {
            any.executeUpdate(statement);
        }
    }
}
