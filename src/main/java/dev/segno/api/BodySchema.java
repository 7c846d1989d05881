package dev.segno.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.DisallowSchemaLoader;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON Schema (2020-12) out of an OpenAPI document; references into the document's components work, others are not
 * followed. Safe for concurrent use.
 */
final class BodySchema {

    private static final int MAX_DETAILS = 20;

    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V202012,
            // Nothing is fetched, neither from the network nor from the disk.
            builder -> builder.schemaLoaders(loaders -> loaders.add(DisallowSchemaLoader.getInstance())));

    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .locale(Locale.ENGLISH)
            .build();

    private final JsonSchema schema;

    /**
     * Compiles a schema.
     *
     * @param schema the schema as it stands in the document
     * @param document the document, for references
     * @throws RuntimeException when the schema or a reference in it is not valid
     */
    BodySchema(JsonNode schema, JsonNode document) {
        JsonNode whole = schema;
        if (schema instanceof ObjectNode object && document.has("components")) {
            ObjectNode root = object.deepCopy();
            root.set("components", document.get("components"));
            whole = root;
        }
        this.schema = FACTORY.getSchema(whole, CONFIG);
        this.schema.initializeValidators();
    }

    /** What is wrong with a document, in the order in which it was found; empty when it fits. */
    List<Fault> faults(JsonNode document) {
        Set<ValidationMessage> messages = schema.validate(document);
        return messages.isEmpty()
                ? List.of()
                : messages.stream().limit(MAX_DETAILS).map(BodySchema::fault).toList();
    }

    private static Fault fault(ValidationMessage message) {
        String place = message.getInstanceLocation().toString();
        if ("required".equals(message.getType())) {
            return Fault.missing(place + "/" + message.getProperty());
        }
        @Nullable JsonNode found = message.getInstanceNode();
        if ("minLength".equals(message.getType())
                && found != null
                && found.asText().isEmpty()) {
            return Fault.missing(place);
        }
        return new Fault(place, message.getError(), false);
    }
}
