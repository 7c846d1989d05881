package dev.segno.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The documents of this server in one, as clients see it. The names that a package gives to its components and operations
 * have the package's name in front, so that those of two cannot meet. Made when it is first asked for. Thread-safe.
 */
final class PublishedDocument {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COMPONENTS = "#/components/";

    private final List<ApiDocument> documents;
    private @Nullable Buffer json;

    /** The first document is Segno's own, and speaks for all. */
    PublishedDocument(List<ApiDocument> documents) {
        this.documents = List.copyOf(documents);
    }

    /** The document as JSON. */
    synchronized Buffer json() {
        Buffer known = json;
        if (known == null) {
            try {
                known = Buffer.buffer(JSON.writeValueAsBytes(merged()));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a JSON tree must be writable", e);
            }
            json = known;
        }
        return known;
    }

    private JsonNode merged() {
        ObjectNode whole = documents.get(0).tree().deepCopy();
        withoutInternals(whole);
        for (ApiDocument document : documents.subList(1, documents.size())) {
            add(document, whole);
        }
        return whole;
    }

    private static void add(ApiDocument document, ObjectNode whole) {
        String name = document.packageName();
        ObjectNode tree = document.tree().deepCopy();
        withoutInternals(tree);
        rename(tree, name);
        String title = tree.path("info").path("title").asText(name);
        whole.withArray("tags")
                .addObject()
                .put("name", title)
                .put("description", tree.path("info").path("description").asText(title));
        tree.path("paths").properties().forEach(path -> {
            for (Map.Entry<String, JsonNode> entry : path.getValue().properties()) {
                if (entry.getValue() instanceof ObjectNode operation) {
                    describe(operation, name, title, tree.path("security"));
                }
            }
            // Another method of the same path may be another document's.
            ((ObjectNode) whole.path("paths")).withObjectProperty(path.getKey()).setAll((ObjectNode) path.getValue());
        });
        tree.path("components")
                .properties()
                .forEach(kind -> kind.getValue()
                        .properties()
                        .forEach(component -> ((ObjectNode) whole.path("components"))
                                .withObjectProperty(kind.getKey())
                                .set(name + "." + component.getKey(), component.getValue())));
    }

    /** Says of an operation what its own document says of all. */
    private static void describe(ObjectNode operation, String name, String title, JsonNode security) {
        operation.set("tags", JsonNodeFactory.instance.arrayNode().add(title));
        if (operation.has("operationId")) {
            operation.put(
                    "operationId", name + "." + operation.path("operationId").asText());
        }
        ArrayNode renamed = JsonNodeFactory.instance.arrayNode();
        (operation.has("security") ? operation.path("security") : security)
                .forEach(alternative -> alternative
                        .properties()
                        .forEach(scheme -> renamed.addObject().set(name + "." + scheme.getKey(), scheme.getValue())));
        operation.set("security", renamed);
    }

    private static void rename(JsonNode node, String name) {
        if (node instanceof ObjectNode object && object.path("$ref").asText().startsWith(COMPONENTS)) {
            String ref = object.path("$ref").asText();
            int end = ref.indexOf('/', COMPONENTS.length()) + 1;
            object.put("$ref", ref.substring(0, end) + name + "." + ref.substring(end));
        }
        node.forEach(child -> rename(child, name));
    }

    /** Takes out what is between the document and the server: where keys come from, how errors are worded. */
    private static void withoutInternals(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(List.of("x-segno-setting", "x-segno-errors", "x-segno-strict-query", "x-segno-act"));
        }
        node.forEach(PublishedDocument::withoutInternals);
    }
}
