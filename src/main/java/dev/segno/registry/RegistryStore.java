package dev.segno.registry;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where the registry is kept. The rules for futures, reads and threads are those of the store that runs are in. */
public interface RegistryStore {

    /** Who this store is to its peers; made up when it is asked for first, and the same ever after. */
    CompletableFuture<String> self();

    /** A version that is higher than all that this store has given or taken. */
    CompletableFuture<Long> nextVersion();

    /** Writes an entry, unless it is superseded by what is there; whether it was written. */
    CompletableFuture<Boolean> save(ServiceEntry entry);

    /** All entries, by their names. */
    List<ServiceEntry> list();

    Optional<ServiceEntry> find(String name);

    /** The last API document that was seen of a service. */
    Optional<String> document(String name);

    CompletableFuture<Void> saveDocument(String name, String document, Instant seenAt);

    /** Entries of an origin that a peer has not taken in their present version. */
    List<ServiceEntry> unsent(String peer, String origin);

    /** Notes that a peer has taken an entry. */
    CompletableFuture<Void> sent(String peer, ServiceEntry entry);
}
