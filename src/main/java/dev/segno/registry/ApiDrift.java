package dev.segno.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Looks at the API documents of services and tells when one has changed. Thread-safe; blocks. */
public final class ApiDrift {

    private static final int MAX_SERVICES = 1000;

    private final Registry registry;
    private final Outbound outbound;
    private final Executor executor;

    public ApiDrift(Registry registry, Outbound outbound, Executor executor) {
        this.registry = registry;
        this.outbound = outbound;
        this.executor = executor;
    }

    /**
     * What looking at one service came to.
     *
     * @param baseline whether it was seen for the first time
     * @param error    why it could not be looked at, or null
     */
    public record Result(
            String service,
            @Nullable String hash,
            @Nullable String previousHash,
            boolean baseline,
            ApiDifference difference,
            @Nullable String error) {

        public boolean changed() {
            return error == null && !baseline && !String.valueOf(hash).equals(previousHash);
        }

        static Result failed(String service, String error) {
            return new Result(service, null, null, false, ApiDifference.NONE, error);
        }
    }

    /**
     * Looks at the services that have an API document.
     *
     * @param names of which it is one; empty for all
     * @param urls  base URLs or URLs of documents of which it has one; empty for all
     * @param onChange told of each document that is another than the last time, before that is on record
     */
    public List<Result> poll(List<String> names, List<String> urls, BiConsumer<ServiceEntry, ApiDifference> onChange) {
        List<CompletableFuture<Result>> results = registry.list().stream()
                .filter(entry -> entry.openapiUrl() != null)
                .filter(entry -> names.isEmpty() || names.contains(entry.name()))
                .filter(entry -> urls.isEmpty() || urls.contains(entry.openapiUrl()) || urls.contains(entry.baseUrl()))
                .limit(MAX_SERVICES)
                .map(entry -> CompletableFuture.supplyAsync(() -> poll(entry, onChange), executor))
                .toList();
        return results.stream().map(CompletableFuture::join).toList();
    }

    private Result poll(ServiceEntry entry, BiConsumer<ServiceEntry, ApiDifference> onChange) {
        String url = entry.openapiUrl();
        if (url == null) {
            return Result.failed(entry.name(), "has no API document");
        }
        String document;
        try {
            Outbound.Answer answer = outbound.get(url, Map.of("Accept", "application/json"), Outbound.NamedBy.CALLER);
            if (answer.status() != 200) {
                return Result.failed(entry.name(), "answered " + answer.status());
            }
            document = Json.canonical(answer.body());
        } catch (IllegalArgumentException e) {
            return Result.failed(entry.name(), "did not answer with JSON");
        } catch (IOException e) {
            return Result.failed(entry.name(), String.valueOf(e.getMessage()));
        }
        return compare(entry, document, onChange);
    }

    private synchronized Result compare(
            ServiceEntry asked, String document, BiConsumer<ServiceEntry, ApiDifference> onChange) {
        ServiceEntry entry = registry.find(asked.name()).orElse(asked);
        String hash = hash(document);
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>(Json.object(entry.metadata()));
        @Nullable String previous = metadata.get(Registry.HASH) instanceof String text ? text : null;
        Optional<String> before = registry.store().document(entry.name());
        ApiDifference difference = before.map(old -> ApiDifference.of(Json.tree(old), Json.tree(document)))
                .orElse(ApiDifference.NONE);
        Result result = new Result(entry.name(), hash, previous, previous == null, difference, null);
        if (result.changed()) {
            // Told first: a crash in between tells it twice, and never not at all.
            onChange.accept(entry, difference);
        }
        if (!hash.equals(previous)) {
            metadata.put(Registry.HASH, hash);
            registry.update(entry, metadata);
        }
        if (!before.map(document::equals).orElse(false)) {
            registry.store()
                    .saveDocument(entry.name(), document, registry.now())
                    .join();
        }
        return result;
    }

    private static String hash(String document) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(document.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
