package dev.segno.camel.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Camel's own schema of its YAML DSL, changed in two points. Wherever it wants a number or a truth value, a text with a
 * placeholder will do, for Camel resolves it before it converts. And an entry of a file or of a list of steps holds
 * something. Loaded once, which takes about a second of a cold process; thread-safe.
 */
final class CamelSchema {

    /** A text that holds at least one placeholder. */
    static final String PLACEHOLDER = "\\{\\{.+\\}\\}";

    private static final String RESOURCE = "/schema/camelYamlDsl.json";
    private static final Set<String> PLACEHOLDER_TYPES = Set.of("number", "integer", "boolean");

    /** They say nothing about validity; the validator would keep them in memory, or warn of a keyword it does not know. */
    private static final List<String> ANNOTATIONS = List.of("title", "description", "default", "deprecated");

    private final JsonNode document;
    private final JsonSchema schema;

    private CamelSchema() {
        document = load();
        relax(document, false);
        refuseEmptyEntries();
        schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4)
                .getSchema(
                        document,
                        SchemaValidatorsConfig.builder()
                                .locale(Locale.ENGLISH)
                                .preloadJsonSchema(false)
                                .build());
    }

    /** Camel's schema lets an entry be anything but a mapping of the wrong shape, and its reader fails on it later. */
    private void refuseEmptyEntries() {
        for (String entry : List.of("/items", "/items/definitions/org.apache.camel.model.ProcessorDefinition")) {
            ((ObjectNode) document.at(entry)).put("type", "object").put("minProperties", 1);
        }
    }

    private static final class Loaded {
        static final CamelSchema SCHEMA = new CamelSchema();
    }

    static CamelSchema get() {
        return Loaded.SCHEMA;
    }

    /** What is wrong with a file. One at a time: the validator builds its parts as they are first needed. */
    synchronized Set<ValidationMessage> validate(JsonNode json) {
        return schema.validate(json);
    }

    /** A part of the schema's document, by a JSON pointer. */
    JsonNode part(String pointer) {
        return document.at(pointer);
    }

    private static JsonNode load() {
        try (InputStream in = CamelSchema.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not on the class path: camel-yaml-dsl is missing");
            }
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Changes a part of the schema in place.
     *
     * @param names whether the node's keys are names of properties or definitions, not keywords
     */
    private static void relax(JsonNode node, boolean names) {
        if (node instanceof ArrayNode array) {
            array.forEach(item -> relax(item, false));
        }
        if (!(node instanceof ObjectNode object)) {
            return;
        }
        if (!names) {
            object.remove(ANNOTATIONS);
            String type = object.path("type").asText();
            if (PLACEHOLDER_TYPES.contains(type)) {
                object.remove("type");
                object.putArray("type").add(type).add("string");
                object.put("pattern", PLACEHOLDER);
            }
        }
        for (Iterator<Map.Entry<String, JsonNode>> fields = object.fields(); fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            boolean namesBelow = !names
                    && (field.getKey().equals("properties") || field.getKey().equals("definitions"));
            relax(field.getValue(), namesBelow);
        }
    }
}
