package dev.segno.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Copies the write-ahead log into the database when it has grown to its length, so that the next write begins it anew.
 *
 * <p>SQLite would do so by itself inside a commit, but drop the errors. How long the log is, it tells only when it is
 * copied; in between the length is estimated from what was written, by a ratio that each copy corrects. Used by the
 * writer's thread alone.
 */
final class LogCheckpoints {

    private static final double LEAST_RATIO = 0.05;
    private static final double LARGEST_RATIO = 2;

    private final BoundStatement checkpoint;
    private final int walPages;
    private double ratio = 0.25;
    private double estimate;

    LogCheckpoints(Connection connection, int walPages) throws SQLException {
        this.checkpoint = new BoundStatement(connection, "PRAGMA wal_checkpoint(PASSIVE)");
        this.walPages = walPages;
    }

    /** Counts a batch, and copies the log when it is long enough. */
    void committed(int writes, long bytes) throws SQLException {
        // Each write touches a page of its table and some of its indexes; neighbours share them, hence the ratio.
        estimate += 4 + 3.0 * writes + (double) bytes / StoreSettings.PAGE_BYTES;
        if (estimate * ratio >= walPages) {
            // What has not been copied, by a fault or for a reader, is tried again soon, but not after every batch.
            estimate *= 0.9;
            copy();
        }
    }

    private void copy() throws SQLException {
        try (ResultSet result = checkpoint.query()) {
            if (result.next()) {
                int pages = result.getInt(2);
                boolean complete = pages == result.getInt(3);
                if (pages > 0) {
                    ratio = Math.min(LARGEST_RATIO, Math.max(LEAST_RATIO, 0.9 * pages / estimate));
                }
                if (complete) {
                    estimate = 0;
                }
            }
        }
    }
}
