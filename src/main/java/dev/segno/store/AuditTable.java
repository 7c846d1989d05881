package dev.segno.store;

import dev.segno.audit.AuditChain;
import dev.segno.audit.AuditEntry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Writes the audit record. Used by the writer's thread alone. */
final class AuditTable {

    private final BoundStatement insert;
    private final BoundStatement last;

    AuditTable(Connection connection) throws SQLException {
        insert = new BoundStatement(connection, """
                INSERT INTO audit
                  (sequence, at, caller, action, target, request_id, address, result, before_hash, after_hash, reason,
                   hash, row_check)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """);
        last = new BoundStatement(connection, "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1");
    }

    /** Entries that are older than the chain were written without address and hash, and their sum too. */
    static Checksum checksum(AuditEntry entry) {
        Checksum old = new Checksum()
                .number(Times.micros(entry.at()))
                .text(entry.act().caller())
                .text(entry.act().action())
                .text(entry.act().target())
                .text(entry.act().requestId())
                .text(entry.result().name())
                .text(entry.before())
                .text(entry.after())
                .text(entry.reason());
        return entry.hash() == null ? old : old.text(entry.act().address()).text(entry.hash());
    }

    void append(AuditEntry appended) throws SQLException {
        // Asked each time: what a transaction has added that was rolled back must not be built upon.
        AuditEntry entry = placed(appended);
        insert.begin()
                .number(entry.sequence())
                .number(Times.micros(entry.at()))
                .text(entry.act().caller())
                .text(entry.act().action())
                .text(entry.act().target())
                .text(entry.act().requestId())
                .text(entry.act().address())
                .text(entry.result().name())
                .text(entry.before())
                .text(entry.after())
                .text(entry.reason())
                .text(entry.hash())
                .number(checksum(entry).value())
                .update();
    }

    private AuditEntry placed(AuditEntry entry) throws SQLException {
        try (ResultSet result = last.begin().query()) {
            if (!result.next()) {
                return entry.at(1, AuditChain.START);
            }
            String hash = result.getString(2);
            return entry.at(result.getLong(1) + 1, hash == null ? AuditChain.START : hash);
        }
    }
}
