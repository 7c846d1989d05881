package dev.segno.store;

import dev.segno.audit.Act;
import dev.segno.audit.AuditChain;
import dev.segno.audit.AuditEntry;
import dev.segno.audit.AuditLog;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The audit record in the database of the runs, written by the same thread. Safe for use by many threads. */
final class SqliteAuditLog implements AuditLog {

    /** What a queued entry takes at most, roughly. */
    private static final int ROW_BYTES = 4096;

    private static final String COLUMNS = "SELECT sequence, at, caller, action, target, request_id, address, result,"
            + " before_hash, after_hash, reason, hash, row_check FROM audit";

    private static final String LATEST = COLUMNS + " WHERE sequence < ? ORDER BY sequence DESC";

    private static final String ALL = COLUMNS + " ORDER BY sequence";

    private final GroupCommit<SqliteWriter> writer;
    private final ReadConnections connections;
    private final Quarantine quarantine = new Quarantine();

    SqliteAuditLog(GroupCommit<SqliteWriter> writer, ReadConnections connections) {
        this.writer = writer;
        this.connections = connections;
    }

    @Override
    public CompletableFuture<Void> append(AuditEntry entry) {
        // Like a start: a store that cannot write refuses it at once, and with it the act.
        return writer.submit(new Write<SqliteWriter, Boolean>(ROW_BYTES, true, session -> {
                    session.audit().append(entry);
                    return true;
                }))
                .thenAccept(added -> {});
    }

    @Override
    public List<AuditEntry> latest(long before, int limit) {
        return connections.read("The audit record", reader -> {
            List<AuditEntry> entries = new ArrayList<>();
            try (ResultSet result = reader.prepare(LATEST).number(before).query()) {
                Row row = new Row(result);
                while (entries.size() < limit && row.next()) {
                    try {
                        entries.add(entry(row));
                    } catch (UnreadableRow e) {
                        quarantine.report("Entry " + result.getLong(1) + " of the audit record", e);
                    }
                }
            }
            return entries;
        });
    }

    @Override
    public Optional<String> verify(AuditChain chain) {
        return verify(connections, chain);
    }

    private static Optional<String> verify(ReadConnections connections, AuditChain chain) {
        return connections.read("The audit record", reader -> {
            try (ResultSet result = reader.prepare(ALL).query()) {
                Row row = new Row(result);
                while (row.next()) {
                    Optional<String> fault;
                    try {
                        fault = chain.add(entry(row));
                    } catch (UnreadableRow e) {
                        fault = Optional.of("entry " + result.getLong(1) + " was changed or is damaged");
                    }
                    if (fault.isPresent()) {
                        return fault;
                    }
                }
            }
            return chain.end();
        });
    }

    /** The record in a data directory, for those who only read; a node may be at work on it. */
    static Optional<String> verify(Path database, AuditChain chain) {
        try (ReadConnections connections = new ReadConnections(1, () -> Sqlite.openForReading(database))) {
            return verify(connections, chain);
        }
    }

    private static AuditEntry entry(Row row) throws SQLException, UnreadableRow {
        long sequence = row.number();
        Instant at = Times.instant(row.number());
        Act act = new Act(row.text(), row.text(), row.text(), row.text(), row.textOrNull());
        AuditEntry entry = new AuditEntry(
                sequence,
                at,
                act,
                UnreadableRow.constant(AuditEntry.Result.class, row.text()),
                row.textOrNull(),
                row.textOrNull(),
                row.textOrNull(),
                row.textOrNull());
        UnreadableRow.requireChecksum(row.number(), AuditTable.checksum(entry), "the entry");
        return entry;
    }
}
