package dev.segno.registry;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A service as it was registered.
 *
 * @param openapiUrl   where its API document is, if it says so
 * @param endpoints    JSON list of objects
 * @param metadata     JSON object
 * @param registeredAt when it was registered first
 * @param origin       id of the instance where it was registered last
 * @param version      that instance's logical clock then
 */
public record ServiceEntry(
        String name,
        String baseUrl,
        @Nullable String openapiUrl,
        String endpoints,
        String metadata,
        Instant registeredAt,
        String origin,
        long version) {

    /** Whether this one is to replace the other: the higher version wins, and of equal ones the greater origin. */
    public boolean supersedes(ServiceEntry other) {
        return version != other.version ? version > other.version : origin.compareTo(other.origin) > 0;
    }

    /** The same with other metadata and a new version of this instance. */
    ServiceEntry withMetadata(String other, String self, long newVersion) {
        return new ServiceEntry(name, baseUrl, openapiUrl, endpoints, other, registeredAt, self, newVersion);
    }
}
