package dev.segno.keys;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key that was made for a caller. The key itself is not here and nowhere else: only its digest is kept.
 *
 * @param id        a ULID
 * @param prefix    the beginning of the key, which is no secret and tells it from others
 * @param digest    SHA-256 of the whole key, in hexadecimal
 * @param name      whom it is for
 * @param role      the name of the role, as settings write it
 * @param scope     names of the orchestrations that it is good for; null for everything that the role may do
 * @param createdBy name of the caller who made it
 * @param expiresAt when it ends to be good; null for never
 * @param revokedAt when it was taken back; null if it was not
 */
public record ApiKey(
        String id,
        String prefix,
        String digest,
        String name,
        String role,
        @Nullable List<String> scope,
        Instant createdAt,
        String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt) {

    public ApiKey {
        scope = scope == null ? null : List.copyOf(scope);
    }

    /** Whether it is good at a time. */
    public boolean isLive(Instant now) {
        return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
    }

    /** The same, taken back. */
    public ApiKey revoked(Instant at) {
        return new ApiKey(id, prefix, digest, name, role, scope, createdAt, createdBy, expiresAt, at);
    }
}
