package dev.segno.store;

import dev.segno.registry.ServiceEntry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

/** Writes registered services. Used by the writer's thread alone. */
final class RegistryTable {

    private final BoundStatement makeSelf;
    private final BoundStatement self;
    private final BoundStatement tick;
    private final BoundStatement raise;
    private final BoundStatement save;
    private final BoundStatement saveDocument;
    private final BoundStatement sent;

    RegistryTable(Connection connection) throws SQLException {
        makeSelf = new BoundStatement(
                connection, "INSERT INTO registry_self (id, instance, clock) VALUES (1, ?, 0) ON CONFLICT DO NOTHING");
        self = new BoundStatement(connection, "SELECT instance, clock FROM registry_self");
        tick = new BoundStatement(connection, "UPDATE registry_self SET clock = clock + 1");
        raise = new BoundStatement(connection, "UPDATE registry_self SET clock = max(clock, ?)");
        save = new BoundStatement(connection, """
            INSERT INTO service
              (name, base_url, openapi_url, endpoints, metadata, registered_at, origin, version, row_check)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET
              base_url = excluded.base_url, openapi_url = excluded.openapi_url, endpoints = excluded.endpoints,
              metadata = excluded.metadata, registered_at = excluded.registered_at, origin = excluded.origin,
              version = excluded.version, row_check = excluded.row_check
            WHERE excluded.version > version OR (excluded.version = version AND excluded.origin > origin)
            """);
        saveDocument = new BoundStatement(connection, """
            INSERT INTO service_document (name, document, seen_at) VALUES (?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET document = excluded.document, seen_at = excluded.seen_at
            """);
        sent = new BoundStatement(connection, """
            INSERT INTO peer_entry (peer, name, version) VALUES (?, ?, ?)
            ON CONFLICT (peer, name) DO UPDATE SET version = max(version, excluded.version)
            """);
    }

    static Checksum checksum(ServiceEntry entry) {
        return new Checksum()
                .text(entry.name())
                .text(entry.baseUrl())
                .text(entry.openapiUrl())
                .text(entry.endpoints())
                .text(entry.metadata())
                .number(Times.micros(entry.registeredAt()))
                .text(entry.origin())
                .number(entry.version());
    }

    String self() throws SQLException {
        makeSelf.begin().text(UUID.randomUUID().toString()).update();
        try (ResultSet result = self.begin().query()) {
            return result.getString(1);
        }
    }

    long nextVersion() throws SQLException {
        makeSelf.begin().text(UUID.randomUUID().toString()).update();
        tick.begin().update();
        try (ResultSet result = self.begin().query()) {
            return result.getLong(2);
        }
    }

    boolean save(ServiceEntry entry) throws SQLException {
        makeSelf.begin().text(UUID.randomUUID().toString()).update();
        raise.begin().number(entry.version()).update();
        return save.begin()
                        .text(entry.name())
                        .text(entry.baseUrl())
                        .text(entry.openapiUrl())
                        .text(entry.endpoints())
                        .text(entry.metadata())
                        .number(Times.micros(entry.registeredAt()))
                        .text(entry.origin())
                        .number(entry.version())
                        .number(checksum(entry).value())
                        .update()
                > 0;
    }

    void saveDocument(String name, String document, Instant seenAt) throws SQLException {
        saveDocument
                .begin()
                .text(name)
                .text(document)
                .number(Times.micros(seenAt))
                .update();
    }

    void sent(String peer, ServiceEntry entry) throws SQLException {
        sent.begin().text(peer).text(entry.name()).number(entry.version()).update();
    }
}
