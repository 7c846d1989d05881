package dev.segno.store;

import dev.segno.run.StoreUnavailable;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.sqlite.SQLiteDataSource;

/**
 * Brings the tables to the form that this program works with. Flyway takes a good part of a second to find out that
 * there is nothing to do, so it is asked only when its own history says that there is.
 */
final class Migrations {

    /** Version of the newest file in {@code db/migration/sqlite}. */
    static final int NEWEST = 1;

    private static final String LOCATION = "classpath:db/migration/sqlite";

    private Migrations() {}

    /**
     * @param connection an open connection to the database
     * @throws StoreUnavailable when the tables belong to a newer program, or cannot be changed
     */
    static void apply(Connection connection, Path database) throws SQLException {
        int version = version(connection);
        if (version > NEWEST) {
            throw new StoreUnavailable("The data in " + database.getParent() + " was written by a newer version of"
                    + " Segno (tables of version " + version + ", this one knows " + NEWEST + "): use that one");
        }
        if (version < NEWEST) {
            migrate(database);
        }
    }

    private static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet table = statement.executeQuery(
                    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'flyway_schema_history'")) {
                if (!table.next()) {
                    return 0;
                }
            }
            try (ResultSet version = statement.executeQuery(
                    "SELECT max(CAST(version AS INTEGER)) FROM flyway_schema_history WHERE success = 1")) {
                return version.next() ? version.getInt(1) : 0;
            }
        }
    }

    private static void migrate(Path database) {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + database);
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(source)
                    .locations(LOCATION)
                    .failOnMissingLocations(true)
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new StoreUnavailable(
                    "The tables in " + database + " cannot be brought up to date: " + e.getMessage(), e);
        }
    }
}
