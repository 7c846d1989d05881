package dev.segno.store;

import dev.segno.run.Definition;
import java.sql.Connection;
import java.sql.SQLException;

/** Writes the sources of versions. Used by the writer's thread alone. */
final class DefinitionTable {

    private final BoundStatement insert;

    DefinitionTable(Connection connection) throws SQLException {
        insert = new BoundStatement(connection, """
                INSERT INTO definition (orchestration, version, path, source, settings, loaded_at, row_check)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """);
    }

    static Checksum checksum(Definition definition) {
        return new Checksum()
                .text(definition.orchestration())
                .text(definition.version())
                .text(definition.path())
                .text(definition.source())
                .text(definition.settings())
                .number(Times.micros(definition.loadedAt()));
    }

    /** Keeps a version; one that is there already stays as it is. */
    void insert(Definition definition) throws SQLException {
        insert.begin()
                .text(definition.orchestration())
                .text(definition.version())
                .text(definition.path())
                .text(definition.source())
                .text(definition.settings())
                .number(Times.micros(definition.loadedAt()))
                .number(checksum(definition).value())
                .update();
    }
}
