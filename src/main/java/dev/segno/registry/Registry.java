package dev.segno.registry;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The services by their names. Methods block on the store. Thread-safe. */
public final class Registry {

    /** Key of an entry's metadata under which the fingerprint of its API document stands. */
    public static final String HASH = "openapi_hash";

    private final RegistryStore store;
    private final Clock clock;
    private volatile @Nullable String self;

    public Registry(RegistryStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * What somebody registers.
     *
     * @param endpoints as JSON
     */
    public record Registration(
            String name,
            String baseUrl,
            Optional<String> openapiUrl,
            List<Object> endpoints,
            Map<String, @Nullable Object> metadata) {}

    /** Who this instance is to its peers. */
    public String self() {
        String known = self;
        if (known == null) {
            known = store.self().join();
            self = known;
        }
        return known;
    }

    /** Adds an entry, or replaces the one of its name; what was known of its API document stays known. */
    public ServiceEntry register(Registration wish) {
        Optional<ServiceEntry> before = store.find(wish.name());
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>(wish.metadata());
        before.map(entry -> Json.object(entry.metadata()).get(HASH))
                .ifPresent(hash -> metadata.putIfAbsent(HASH, hash));
        ServiceEntry entry = new ServiceEntry(
                wish.name(),
                wish.baseUrl(),
                wish.openapiUrl().orElse(null),
                Json.text(wish.endpoints()),
                Json.text(metadata),
                before.map(ServiceEntry::registeredAt).orElseGet(clock::instant),
                self(),
                store.nextVersion().join());
        store.save(entry).join();
        return entry;
    }

    /** Takes what a peer has sent; whether it is newer than what is there. */
    public boolean take(Registration wish, String origin, long version, Instant registeredAt) {
        return store.save(new ServiceEntry(
                        wish.name(),
                        wish.baseUrl(),
                        wish.openapiUrl().orElse(null),
                        Json.text(wish.endpoints()),
                        Json.text(wish.metadata()),
                        registeredAt,
                        origin,
                        version))
                .join();
    }

    /** Replaces the metadata of an entry, which counts as a registration here. */
    ServiceEntry update(ServiceEntry entry, Map<String, @Nullable Object> metadata) {
        ServiceEntry updated = entry.withMetadata(
                Json.text(metadata), self(), store.nextVersion().join());
        store.save(updated).join();
        return updated;
    }

    /** All entries, by their names. */
    public List<ServiceEntry> list() {
        return store.list();
    }

    public Optional<ServiceEntry> find(String name) {
        return store.find(name);
    }

    RegistryStore store() {
        return store;
    }

    Instant now() {
        return clock.instant();
    }
}
