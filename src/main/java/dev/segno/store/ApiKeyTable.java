package dev.segno.store;

import dev.segno.keys.ApiKey;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Writes the keys of callers. Used by the writer's thread alone. */
final class ApiKeyTable {

    private final BoundStatement insert;
    private final BoundStatement revoke;

    ApiKeyTable(Connection connection) throws SQLException {
        insert = new BoundStatement(connection, """
                INSERT INTO api_key
                  (id, prefix, digest, name, role, scope, created_at, created_by, expires_at, revoked_at, row_check)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """);
        revoke = new BoundStatement(
                connection, "UPDATE api_key SET revoked_at = ?, row_check = ? WHERE id = ? AND revoked_at IS NULL");
    }

    static Checksum checksum(ApiKey key) {
        return new Checksum()
                .text(key.id())
                .text(key.prefix())
                .text(key.digest())
                .text(key.name())
                .text(key.role())
                .text(scope(key))
                .number(Times.micros(key.createdAt()))
                .text(key.createdBy())
                .number(Times.microsOrNull(key.expiresAt()))
                .number(Times.microsOrNull(key.revokedAt()));
    }

    /** Names of orchestrations hold no spaces. */
    private static @Nullable String scope(ApiKey key) {
        return key.scope() == null ? null : String.join(" ", key.scope());
    }

    void insert(ApiKey key) throws SQLException {
        insert.begin()
                .text(key.id())
                .text(key.prefix())
                .text(key.digest())
                .text(key.name())
                .text(key.role())
                .text(scope(key))
                .number(Times.micros(key.createdAt()))
                .text(key.createdBy())
                .number(Times.microsOrNull(key.expiresAt()))
                .number(Times.microsOrNull(key.revokedAt()))
                .number(checksum(key).value())
                .update();
    }

    boolean revoke(ApiKey revoked) throws SQLException {
        return revoke.begin()
                        .number(Times.microsOrNull(revoked.revokedAt()))
                        .number(checksum(revoked).value())
                        .text(revoked.id())
                        .update()
                > 0;
    }
}
