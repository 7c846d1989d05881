package dev.segno.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segno.audit.Act;
import dev.segno.audit.Audit;
import dev.segno.audit.AuditEntry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteAuditLogTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");
    private static final Act ACT = new Act("ed", "route.save", "a/b.camel.yaml", "r-1", "127.0.0.1");

    @TempDir
    private Path directory;

    private static void write(SqliteRunStore store) {
        Audit audit = new Audit(store.auditLog(), Clock.fixed(NOW, ZoneOffset.UTC));
        audit.refused(ACT, "not allowed");
        audit.begun(ACT, null, "after");
        audit.done(ACT, "before", "after");
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("segno.db"));
                Statement any = connection.createStatement()) {
            any.executeUpdate(statement);
        }
    }

    @Test
    void entriesAreThereAfterARestartTheNewestFirst() {
        try (SqliteRunStore store = SqliteRunStore.open(directory)) {
            write(store);
        }
        try (SqliteRunStore store = SqliteRunStore.open(directory)) {
            List<AuditEntry> all = store.auditLog().latest(Long.MAX_VALUE, 10);
            assertThat(all)
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("hash")
                    .containsExactly(
                            new AuditEntry(3, NOW, ACT, AuditEntry.Result.DONE, "before", "after", null, null),
                            new AuditEntry(2, NOW, ACT, AuditEntry.Result.BEGUN, null, "after", null, null),
                            new AuditEntry(1, NOW, ACT, AuditEntry.Result.REFUSED, null, null, "not allowed", null));
            assertThat(store.auditLog().latest(3, 1)).containsExactly(all.get(1));
        }
    }

    @Test
    void anEntryNeverChangesAndNeverGoes() {
        try (SqliteRunStore store = SqliteRunStore.open(directory)) {
            write(store);
            for (String statement : List.of(
                    "UPDATE audit SET caller = 'x'",
                    "UPDATE audit SET sequence = 9 WHERE sequence = 1",
                    "DELETE FROM audit",
                    "INSERT OR REPLACE INTO audit SELECT sequence, at, 'x', action, target, request_id, result, before_hash,"
                            + " after_hash, reason, row_check, address, hash FROM audit")) {
                assertThatThrownBy(() -> sql(statement)).as(statement).hasMessageContaining("an audit entry never");
            }
            assertThat(store.auditLog().latest(Long.MAX_VALUE, 10))
                    .hasSize(3)
                    .allMatch(entry -> entry.act().equals(ACT));
        }
    }

    @Test
    void anEntryThatWasTamperedWithIsLeftOut() throws SQLException {
        try (SqliteRunStore store = SqliteRunStore.open(directory)) {
            write(store);
            sql("DROP TRIGGER audit_stays");
            sql("UPDATE audit SET target = 'c/d.camel.yaml' WHERE sequence = 2");
            assertThat(store.auditLog().latest(Long.MAX_VALUE, 10))
                    .extracting(AuditEntry::sequence)
                    .containsExactly(3L, 1L);
        }
    }
}
