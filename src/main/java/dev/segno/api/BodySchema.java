package dev.segno.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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

    /** Loaded with the first schema that is compiled: it takes a while, and a start need not wait for it. */
    private static final class Compiler {

        private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V202012,
                // Nothing is fetched, neither from the network nor from the disk.
                builder -> builder.schemaLoaders(loaders -> loaders.add(DisallowSchemaLoader.getInstance())));

        private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder()
                .pathType(PathType.JSON_POINTER)
                .locale(Locale.ENGLISH)
                .build();
    }

    private final JsonNode text;
    private final JsonNode document;
    private volatile @Nullable JsonSchema compiled;

    /**
     * Takes a schema; it is compiled when it is first needed.
     *
     * @param text the schema as it stands in the document
     * @param document the document, for references
     */
    BodySchema(JsonNode text, JsonNode document) {
        this.text = text;
        this.document = document;
    }

    boolean isCompiled() {
        return compiled != null;
    }

    /**
     * Compiles the schema, if that has not been done.
     *
     * @throws RuntimeException when the schema or a reference in it is not valid
     */
    JsonSchema compile() {
        @Nullable JsonSchema known = compiled;
        if (known != null) {
            return known;
        }
        JsonNode whole = text;
        if (text instanceof ObjectNode object && document.has("components")) {
            // Of the schema itself only: what it refers to stays where it is.
            ObjectNode root = JsonNodeFactory.instance.objectNode().setAll(object);
            root.set("components", document.get("components"));
            whole = root;
        }
        JsonSchema schema = Compiler.FACTORY.getSchema(whole, Compiler.CONFIG);
        schema.initializeValidators();
        compiled = schema;
        return schema;
    }

    /** What is wrong with a document, in the order in which it was found; empty when it fits. */
    List<Fault> faults(JsonNode instance) {
        Set<ValidationMessage> messages = compile().validate(instance);
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
