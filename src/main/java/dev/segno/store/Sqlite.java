package dev.segno.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TempStore;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Opens connections to the database and tells its errors apart. */
final class Sqlite {

    private static final int BUSY_TIMEOUT_MS = 1_000;
    private static final int READER_CACHE_KIB = 8 * 1024;

    private Sqlite() {}

    /** A connection that writes; every commit on it is synced. The log is copied only when it is asked to. */
    static Connection openForWriting(Path database, StoreSettings settings) throws SQLException {
        SQLiteConfig config = common();
        config.setPageSize(StoreSettings.PAGE_BYTES);
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setCacheSize((int) -(settings.cacheBytes() / 1024));
        config.enforceForeignKeys(true);
        Connection connection = config.createConnection("jdbc:sqlite:" + database);
        try (Statement statement = connection.createStatement()) {
            // A checkpoint that SQLite begins by itself inside a commit hides its errors, a failed fsync among them.
            statement.execute("PRAGMA wal_autocheckpoint = 0");
            if (settings.maxBytes() < Long.MAX_VALUE) {
                statement.execute("PRAGMA max_page_count = " + settings.maxBytes() / StoreSettings.PAGE_BYTES);
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** A connection that cannot write. */
    static Connection openForReading(Path database) throws SQLException {
        SQLiteConfig config = common();
        config.setReadOnly(true);
        config.setCacheSize(-READER_CACHE_KIB);
        return config.createConnection("jdbc:sqlite:" + database);
    }

    private static SQLiteConfig common() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_TIMEOUT_MS);
        config.setTempStore(TempStore.MEMORY);
        // Otherwise the driver asks for the last rowid after every insert.
        config.setGetGeneratedKeys(false);
        return config;
    }

    /** Whether reading, writing or syncing the files failed. */
    static boolean isInputOutputError(SQLException e) {
        return primary(e) == SQLiteErrorCode.SQLITE_IOERR.code;
    }

    /** Whether a statement made no sense where it was run, such as the end of a transaction that is not open. */
    static boolean isMisuse(SQLException e) {
        return primary(e) == SQLiteErrorCode.SQLITE_ERROR.code;
    }

    /** Whether only space or a lock is missing, and the connection is as good as before. */
    static boolean isShortage(SQLException e) {
        int primary = primary(e);
        return primary == SQLiteErrorCode.SQLITE_FULL.code || primary == SQLiteErrorCode.SQLITE_BUSY.code;
    }

    /** Whether the system could not bring a file to the disk, which can also happen before a commit. */
    static boolean isFailedSync(SQLException e) {
        SQLiteErrorCode code = code(e);
        return code == SQLiteErrorCode.SQLITE_IOERR_FSYNC || code == SQLiteErrorCode.SQLITE_IOERR_DIR_FSYNC;
    }

    /** Whether a commit that failed with this error has certainly left nothing behind and may be tried again. */
    static boolean isRepeatableCommit(SQLException e) {
        int primary = primary(e);
        return primary == SQLiteErrorCode.SQLITE_FULL.code
                || primary == SQLiteErrorCode.SQLITE_READONLY.code
                || primary == SQLiteErrorCode.SQLITE_CANTOPEN.code
                || primary == SQLiteErrorCode.SQLITE_BUSY.code
                || primary == SQLiteErrorCode.SQLITE_LOCKED.code;
    }

    /**
     * Whether the database as a whole cannot be written, now or for good, in contrast to a fault of one statement.
     */
    static boolean isStorageFault(SQLException e) {
        int primary = primary(e);
        return primary == SQLiteErrorCode.SQLITE_FULL.code
                || primary == SQLiteErrorCode.SQLITE_READONLY.code
                || primary == SQLiteErrorCode.SQLITE_CANTOPEN.code
                || primary == SQLiteErrorCode.SQLITE_BUSY.code
                || primary == SQLiteErrorCode.SQLITE_LOCKED.code
                || primary == SQLiteErrorCode.SQLITE_IOERR.code
                || primary == SQLiteErrorCode.SQLITE_CORRUPT.code
                || primary == SQLiteErrorCode.SQLITE_NOTADB.code
                || primary == SQLiteErrorCode.SQLITE_PROTOCOL.code
                || primary == SQLiteErrorCode.SQLITE_NOMEM.code
                || primary == SQLiteErrorCode.SQLITE_PERM.code
                || primary == SQLiteErrorCode.SQLITE_INTERNAL.code;
    }

    /** One line about an error, without the driver's decoration. */
    static String describe(SQLException e) {
        return e instanceof SQLiteException ? code(e).message + " (" + code(e).name() + ")" : String.valueOf(e);
    }

    private static SQLiteErrorCode code(SQLException e) {
        return e instanceof SQLiteException sqlite ? sqlite.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
    }

    private static int primary(SQLException e) {
        return code(e).code & 0xff;
    }
}
