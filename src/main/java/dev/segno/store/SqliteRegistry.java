package dev.segno.store;

import dev.segno.registry.RegistryStore;
import dev.segno.registry.ServiceEntry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Registered services in the database of the runs, written by the same thread. Safe for use by many threads. */
final class SqliteRegistry implements RegistryStore {

    /** What a queued write takes, roughly. */
    private static final int ROW_BYTES = 4096;

    private static final String ENTRIES =
            "SELECT service.name, base_url, openapi_url, endpoints, metadata, registered_at,"
                    + " origin, service.version, row_check FROM service";

    private static final String ALL = ENTRIES + " ORDER BY name";

    private static final String ONE = ENTRIES + " WHERE name = ?";

    private static final String UNSENT = ENTRIES
            + " LEFT JOIN peer_entry ON peer_entry.name = service.name AND peer_entry.peer = ?"
            + " WHERE origin = ? AND (peer_entry.version IS NULL OR peer_entry.version < service.version)"
            + " ORDER BY service.version";

    private static final String DOCUMENT = "SELECT document FROM service_document WHERE name = ?";

    private final GroupCommit<SqliteWriter> writer;
    private final ReadConnections connections;
    private final Quarantine quarantine = new Quarantine();

    SqliteRegistry(GroupCommit<SqliteWriter> writer, ReadConnections connections) {
        this.writer = writer;
        this.connections = connections;
    }

    @Override
    public CompletableFuture<String> self() {
        return writer.submit(
                new Write<>(ROW_BYTES, false, session -> session.registry().self()));
    }

    @Override
    public CompletableFuture<Long> nextVersion() {
        return writer.submit(
                new Write<>(ROW_BYTES, false, session -> session.registry().nextVersion()));
    }

    @Override
    public CompletableFuture<Boolean> save(ServiceEntry entry) {
        long bytes =
                ROW_BYTES + entry.endpoints().length() + (long) entry.metadata().length();
        return writer.submit(
                new Write<>(bytes, true, session -> session.registry().save(entry)));
    }

    @Override
    public List<ServiceEntry> list() {
        return connections.read("The registry", reader -> entries(reader.prepare(ALL)));
    }

    @Override
    public Optional<ServiceEntry> find(String name) {
        return connections.read(
                "A registered service",
                reader -> entries(reader.prepare(ONE).text(name)).stream().findFirst());
    }

    @Override
    public List<ServiceEntry> unsent(String peer, String origin) {
        return connections.read(
                "The registry",
                reader -> entries(reader.prepare(UNSENT).text(peer).text(origin)));
    }

    private List<ServiceEntry> entries(BoundStatement statement) throws SQLException {
        List<ServiceEntry> entries = new ArrayList<>();
        try (ResultSet result = statement.query()) {
            Row row = new Row(result);
            while (row.next()) {
                try {
                    entries.add(entry(row));
                } catch (UnreadableRow e) {
                    quarantine.report("A registered service", e);
                }
            }
        }
        return entries;
    }

    private static ServiceEntry entry(Row row) throws SQLException, UnreadableRow {
        ServiceEntry entry = new ServiceEntry(
                row.text(),
                row.text(),
                row.textOrNull(),
                row.text(),
                row.text(),
                Times.instant(row.number()),
                row.text(),
                row.number());
        UnreadableRow.requireChecksum(row.number(), RegistryTable.checksum(entry), "the service");
        return entry;
    }

    @Override
    public Optional<String> document(String name) {
        return connections.read("An API document", reader -> {
            try (ResultSet result = reader.prepare(DOCUMENT).text(name).query()) {
                return result.next() ? Optional.of(result.getString(1)) : Optional.empty();
            }
        });
    }

    @Override
    public CompletableFuture<Void> saveDocument(String name, String document, Instant seenAt) {
        return writer.submit(Write.silent(
                ROW_BYTES + document.length(), session -> session.registry().saveDocument(name, document, seenAt)));
    }

    @Override
    public CompletableFuture<Void> sent(String peer, ServiceEntry entry) {
        return writer.submit(
                Write.silent(ROW_BYTES, session -> session.registry().sent(peer, entry)));
    }
}
