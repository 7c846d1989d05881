package dev.segno.store;

import dev.segno.audit.AuditEntry;
import java.sql.Connection;
import java.sql.SQLException;

/** Writes the audit record. Used by the writer's thread alone. */
final class AuditTable {

    private final BoundStatement insert;

    AuditTable(Connection connection) throws SQLException {
        insert = new BoundStatement(connection, """
                INSERT INTO audit
                  (at, caller, action, target, request_id, result, before_hash, after_hash, reason, row_check)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """);
    }

    static Checksum checksum(AuditEntry entry) {
        return new Checksum()
                .number(Times.micros(entry.at()))
                .text(entry.act().caller())
                .text(entry.act().action())
                .text(entry.act().target())
                .text(entry.act().requestId())
                .text(entry.result().name())
                .text(entry.before())
                .text(entry.after())
                .text(entry.reason());
    }

    void append(AuditEntry entry) throws SQLException {
        insert.begin()
                .number(Times.micros(entry.at()))
                .text(entry.act().caller())
                .text(entry.act().action())
                .text(entry.act().target())
                .text(entry.act().requestId())
                .text(entry.result().name())
                .text(entry.before())
                .text(entry.after())
                .text(entry.reason())
                .number(checksum(entry).value())
                .update();
    }
}
