package dev.segno.store;

import dev.segno.trigger.Batch;
import java.sql.Connection;
import java.sql.SQLException;

/** Writes batches. Used by the writer's thread alone. */
final class BatchTable {

    private final BoundStatement insert;
    private final BoundStatement update;
    private final BoundStatement leave;
    private final BoundStatement remove;
    private final BoundStatement insertComplete;
    private final BoundStatement confirm;
    private final BoundStatement reopen;

    BatchTable(Connection connection) throws SQLException {
        String insertion = """
                INTO batch (scope, id, correlation, exchange_id, state, revision, changed_at, row_check, content)
                VALUES (?, ?, ?, ?, '%s', ?, ?, ?, ?)
                """;
        insert = new BoundStatement(connection, "INSERT OR IGNORE " + insertion.formatted("COLLECTING"));
        insertComplete = new BoundStatement(connection, "INSERT " + insertion.formatted("COMPLETE"));
        update = new BoundStatement(connection, """
                UPDATE batch SET exchange_id = ?3, revision = ?4, changed_at = ?5, row_check = ?6, content = ?7
                WHERE scope = ?1 AND id = ?2 AND state = 'COLLECTING' AND revision = ?4 - 1
                """);
        leave = new BoundStatement(connection, """
                UPDATE batch SET state = 'LEAVING'
                WHERE scope = ? AND id = ? AND state = 'COLLECTING' AND revision = ?
                """);
        remove = new BoundStatement(connection, "DELETE FROM batch WHERE scope = ? AND id = ?");
        confirm = new BoundStatement(
                connection, "DELETE FROM batch WHERE scope = ? AND exchange_id = ? AND state = 'COMPLETE'");
        reopen = new BoundStatement(connection, "UPDATE batch SET state = 'COMPLETE' WHERE state = 'LEAVING'");
    }

    static Checksum checksum(Batch batch) {
        return new Checksum()
                .text(batch.scope())
                .text(batch.id())
                .text(batch.correlation())
                .text(batch.exchangeId())
                .number(batch.revision())
                .number(Times.micros(batch.changedAt()))
                .bytes(batch.content());
    }

    boolean save(Batch batch) throws SQLException {
        if (batch.revision() == 1) {
            return insert(insert, batch) == 1;
        }
        return update.begin()
                        .text(batch.scope())
                        .text(batch.id())
                        .text(batch.exchangeId())
                        .number(batch.revision())
                        .number(Times.micros(batch.changedAt()))
                        .number(checksum(batch).value())
                        .bytes(batch.content())
                        .update()
                == 1;
    }

    private static int insert(BoundStatement statement, Batch batch) throws SQLException {
        return statement
                .begin()
                .text(batch.scope())
                .text(batch.id())
                .text(batch.correlation())
                .text(batch.exchangeId())
                .number(batch.revision())
                .number(Times.micros(batch.changedAt()))
                .number(checksum(batch).value())
                .bytes(batch.content())
                .update();
    }

    boolean leave(Batch batch) throws SQLException {
        return leave.begin()
                        .text(batch.scope())
                        .text(batch.id())
                        .number(batch.revision())
                        .update()
                == 1;
    }

    void complete(Batch batch) throws SQLException {
        remove.begin().text(batch.scope()).text(batch.id()).update();
        insert(insertComplete, batch);
    }

    void confirm(String scope, String exchangeId) throws SQLException {
        confirm.begin().text(scope).text(exchangeId).update();
    }

    void reopen() throws SQLException {
        reopen.begin().update();
    }
}
