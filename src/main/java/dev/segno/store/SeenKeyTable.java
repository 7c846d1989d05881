package dev.segno.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/** Writes the keys of messages that have been dealt with. Used by the writer's thread alone. */
final class SeenKeyTable {

    /** How many of those that are too old go with each new one: more than come, so that they get fewer. */
    private static final int FORGOTTEN_AT_ONCE = 20;

    private final BoundStatement add;
    private final BoundStatement forget;
    private final BoundStatement remove;
    private final BoundStatement clear;

    SeenKeyTable(Connection connection) throws SQLException {
        add = new BoundStatement(connection, "INSERT OR REPLACE INTO seen_key (scope, key, seen_at) VALUES (?, ?, ?)");
        forget = new BoundStatement(connection, """
                DELETE FROM seen_key WHERE (scope, key) IN
                  (SELECT scope, key FROM seen_key INDEXED BY seen_key_age
                   WHERE seen_at < ? ORDER BY seen_at LIMIT %d)
                """.formatted(FORGOTTEN_AT_ONCE));
        remove = new BoundStatement(connection, "DELETE FROM seen_key WHERE scope = ? AND key = ?");
        clear = new BoundStatement(connection, "DELETE FROM seen_key WHERE scope = ?");
    }

    void add(String scope, String key, Instant at, Instant since) throws SQLException {
        add.begin().text(scope).text(key).number(Times.micros(at)).update();
        forget.begin().number(Times.micros(since)).update();
    }

    boolean remove(String scope, String key) throws SQLException {
        return remove.begin().text(scope).text(key).update() > 0;
    }

    void clear(String scope) throws SQLException {
        clear.begin().text(scope).update();
    }
}
