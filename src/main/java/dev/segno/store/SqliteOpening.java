package dev.segno.store;

import dev.segno.run.StoreUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;

/** The steps from a data directory to a store that works. */
final class SqliteOpening {

    private SqliteOpening() {}

    static SqliteRunStore open(DataDirectory directory, StoreSettings settings, Clock clock) {
        Path database = directory.database();
        try {
            if (!Files.exists(database) || Files.size(database) == 0) {
                // A log beside a database without pages would be deleted, so the database comes first.
                Sqlite.openForWriting(database, settings).close();
            }
            if (settings.prewarm()) {
                WriteAheadLogFile.prewarm(directory.writeAheadLog(), settings.walPages());
            }
            WriteSession.Source<SqliteWriter> sessions =
                    () -> writer(Sqlite.openForWriting(database, settings), settings);
            Connection connection = Sqlite.openForWriting(database, settings);
            try {
                Migrations.apply(connection, database);
                verify(connection, database, settings);
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
            SqliteWriter first = writer(connection, settings);
            ReadConnections readers = new ReadConnections(settings.readers(), () -> Sqlite.openForReading(database));
            GroupCommit<SqliteWriter> writer = new GroupCommit<>("segno-store-writer", first, sessions, settings);
            return new SqliteRunStore(directory, clock, readers, writer);
        } catch (SQLException e) {
            throw new StoreUnavailable("The database " + database + " cannot be opened: " + Sqlite.describe(e), e);
        } catch (IOException e) {
            throw new StoreUnavailable("The log of " + database + " cannot be prepared: " + e.getMessage(), e);
        }
    }

    private static SqliteWriter writer(Connection connection, StoreSettings settings) throws SQLException {
        try {
            return new SqliteWriter(connection, settings);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** A damaged index would hide rows, and no checksum of a row can tell. */
    private static void verify(Connection connection, Path database, StoreSettings settings)
            throws SQLException, IOException {
        if (Files.size(database) > settings.verifyBytes()) {
            return;
        }
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("PRAGMA integrity_check(1)")) {
            String finding = result.next() ? result.getString(1) : "no answer";
            if (!"ok".equals(finding)) {
                throw new StoreUnavailable("The database " + database + " is damaged: move it away and restore a copy ("
                        + finding.replace('\n', ' ') + ")");
            }
        }
    }
}
