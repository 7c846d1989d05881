package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The documents that the agents and the doc store keep, by their ids, and that the analysis looks at. */
final class Documents {

    private final Map<String, Document> byId = new LinkedHashMap<>();

    /**
     * A stored document.
     *
     * @param correlationId of the ingestion that brought it; empty for none
     * @param source where it comes from, such as {@code github}; empty if nobody said
     * @param metadata what else is known of it: {@code owner}, {@code views}, {@code updated_at}, {@code endpoints}
     */
    record Document(String id, String correlationId, String source, String content, JsonNode metadata) {

        /** SHA-256 of the content, in hexadecimal digits. */
        String hash() {
            return sha256(content);
        }

        ObjectNode json() {
            ObjectNode json = Json.object()
                    .put("id", id)
                    .put("source", source)
                    .put("correlation_id", correlationId)
                    .put("content", content)
                    .put("content_hash", hash());
            return json.set("metadata", metadata);
        }
    }

    void put(Document document) {
        byId.put(document.id(), document);
    }

    Document find(String id) {
        Document found = byId.get(id);
        if (found == null) {
            throw new IllegalArgumentException("There is no document " + id);
        }
        return found;
    }

    boolean has(String id) {
        return byId.containsKey(id);
    }

    List<Document> all() {
        return new ArrayList<>(byId.values());
    }

    /** Those of one ingestion, or all if no correlation is given. */
    List<Document> of(String correlationId) {
        return all().stream()
                .filter(document ->
                        correlationId.isEmpty() || document.correlationId().equals(correlationId))
                .toList();
    }

    /** Removes what one source brought in one ingestion, and tells how many that were. */
    int remove(String source, String correlationId) {
        int before = byId.size();
        byId.values()
                .removeIf(document -> document.source().equals(source)
                        && document.correlationId().equals(correlationId));
        return before - byId.size();
    }

    void removeOf(String source) {
        byId.values().removeIf(document -> document.source().equals(source));
    }

    static String sha256(String content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
