package dev.segno.store;

import dev.segno.run.StoreUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.sqlite.SQLiteDataSource;

/**
 * Brings the tables to the form that this program works with.
 *
 * <p>Flyway migrates the tables of an older version, and takes half a second for it, most of which is loading its
 * classes. Two cases can do without, and are those of nearly every start: tables that are up to date are told by the
 * number that SQLite keeps for its user ({@code user_version}), and new ones are made from the same files in one
 * transaction. A later migration begins with that number as Flyway's baseline.
 */
final class Migrations {

    private static final String FOLDER = "db/migration/sqlite";

    /** All files of the folder, in the order of their versions. A version that is missing was never in use. */
    static final List<String> FILES = List.of(
            "V1__runs_and_journals.sql",
            "V2__waits_and_signals.sql",
            "V3__schedules.sql",
            "V4__edits_and_forks.sql",
            "V5__between_runs.sql",
            "V6__limits.sql",
            "V7__sagas.sql",
            "V8__chains.sql",
            "V9__audit.sql",
            "V10__audit_chain.sql",
            "V11__api_keys.sql",
            "V12__refused_messages.sql",
            "V13__registry.sql",
            "V14__events.sql",
            "V15__correlated_runs.sql",
            "V16__event_duplicates.sql",
            "V17__notices.sql",
            "V18__shopping_sessions.sql",
            "V20__sealed_values.sql",
            "V21__notices_by_age.sql",
            "V22__reader_notes.sql");

    private Migrations() {}

    /**
     * @param connection an open connection to the database
     * @throws StoreUnavailable when the tables belong to a newer program, or cannot be changed
     */
    static void apply(Connection connection, Path database) throws SQLException {
        int version = (int) number(connection, "PRAGMA user_version");
        int newest = newest();
        if (version > newest) {
            throw new StoreUnavailable("The data in " + database.getParent() + " was written by a newer version of"
                    + " Segno (tables of version " + version + ", this one knows " + newest + "): use that one");
        }
        if (version == 0) {
            if (number(connection, "SELECT count(*) FROM sqlite_master") > 0) {
                throw new StoreUnavailable("The database " + database + " belongs to another program");
            }
            create(connection);
        } else if (version < newest) {
            upgrade(connection, database, version);
        }
    }

    /** Version of the last file. */
    static int newest() {
        String last = FILES.get(FILES.size() - 1);
        return Integer.parseInt(last.substring(1, last.indexOf("__")));
    }

    private static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            for (String file : FILES) {
                statement.executeUpdate(text(file));
            }
            statement.execute("PRAGMA user_version = " + newest());
            statement.execute("COMMIT");
        }
    }

    private static String text(String file) {
        ClassLoader loader = Migrations.class.getClassLoader();
        try (InputStream in = Objects.requireNonNull(loader.getResourceAsStream(FOLDER + '/' + file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void upgrade(Connection connection, Path database, int version) throws SQLException {
        try {
            flyway(database)
                    .baselineOnMigrate(true)
                    .baselineVersion(Integer.toString(version))
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new StoreUnavailable(
                    "The tables in " + database + " cannot be brought up to date: " + e.getMessage(), e);
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = " + newest());
        }
    }

    /** Flyway on our files and nothing else. */
    static FluentConfiguration flyway(Path database) {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + database);
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(source)
                .locations("classpath:" + FOLDER)
                .loggers("slf4j")
                .skipDefaultCallbacks(true)
                .failOnMissingLocations(true);
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            return result.next() ? result.getLong(1) : 0;
        }
    }
}
