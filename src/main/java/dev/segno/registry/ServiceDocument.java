package dev.segno.registry;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Entries as JSON. Stateless, hence safe for concurrent use. */
public final class ServiceDocument {

    /** Header with the id of the instance that an entry comes from; it says that this is replication. */
    public static final String ORIGIN = "X-Registry-Origin";

    /** Header with the version of an entry that is replicated. */
    public static final String VERSION = "X-Registry-Version";

    private ServiceDocument() {}

    /** As it stands in the list. */
    public static Map<String, @Nullable Object> of(ServiceEntry entry, String self) {
        Map<String, @Nullable Object> document = sent(entry);
        document.put("origin", entry.origin().equals(self) ? "self" : entry.origin());
        return document;
    }

    /** As peers get it. */
    static Map<String, @Nullable Object> sent(ServiceEntry entry) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("name", entry.name());
        document.put("base_url", entry.baseUrl());
        document.put("openapi_url", entry.openapiUrl());
        document.put("endpoints", Json.value(entry.endpoints()));
        document.put("metadata", Json.object(entry.metadata()));
        document.put("registered_at", entry.registeredAt().toString());
        return document;
    }
}
