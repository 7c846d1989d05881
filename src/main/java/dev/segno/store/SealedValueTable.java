package dev.segno.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/** Writes sealed values. Used by the writer's thread alone. */
final class SealedValueTable {

    private final BoundStatement insert;
    private final BoundStatement drop;
    private final BoundStatement forget;

    SealedValueTable(Connection connection) throws SQLException {
        insert = new BoundStatement(
                connection, "INSERT OR IGNORE INTO sealed_value (reference, sealed, created_at) VALUES (?, ?, ?)");
        drop = new BoundStatement(connection, "UPDATE sealed_value SET sealed = NULL WHERE reference = ?");
        forget = new BoundStatement(connection, "DELETE FROM sealed_value WHERE created_at < ?");
    }

    void insert(String reference, String kept, Instant now) throws SQLException {
        insert.begin().text(reference).text(kept).number(Times.micros(now)).update();
    }

    void drop(String reference) throws SQLException {
        drop.begin().text(reference).update();
    }

    void forget(Instant before) throws SQLException {
        forget.begin().number(Times.micros(before)).update();
    }
}
