package dev.segno;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The document that a node publishes, for tests that hold answers against it. */
final class DescribedApi {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final JsonNode document;
    private final Map<String, JsonSchema> schemas = new HashMap<>();
    private final List<Operation> operations = new ArrayList<>();

    /** An operation. {@code path} has its parameters in braces. */
    record Operation(String id, String method, String path, JsonNode node, JsonNode item) {

        boolean isPublic() {
            return node.path("x-segno-public").asBoolean(false);
        }

        String role() {
            return node.path("x-segno-role").asText();
        }

        boolean isOurs() {
            return !id.contains(".");
        }

        @Override
        public String toString() {
            return id + " (" + method + " " + path + ")";
        }
    }

    DescribedApi(HttpResponse<String> published) throws IOException {
        assertThat(published.statusCode()).as(published.body()).isEqualTo(200);
        document = closed(JSON.readTree(published.body()));
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(entry -> {
                    if (METHODS.contains(entry.getKey())) {
                        operations.add(new Operation(
                                entry.getValue().path("operationId").asText(),
                                entry.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                entry.getValue(),
                                path.getValue()));
                    }
                }));
    }

    JsonNode document() {
        return document;
    }

    List<Operation> operations() {
        return operations;
    }

    Operation operation(String id) {
        return operations.stream()
                .filter(operation -> operation.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    /** The parameters of an operation in a place: {@code query}, {@code path}, {@code header}. */
    List<JsonNode> parameters(Operation operation, String in) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode list :
                List.of(operation.item().path("parameters"), operation.node().path("parameters"))) {
            list.forEach(entry -> {
                if (resolved(entry).path("in").asText().equals(in)) {
                    found.add(resolved(entry));
                }
            });
        }
        return found;
    }

    /** The schema of an operation's JSON body; missing when it takes none, empty when it takes any. */
    JsonNode body(Operation operation) {
        return resolved(resolved(operation.node().path("requestBody"))
                .path("content")
                .path("application/json")
                .path("schema"));
    }

    /** Requires that an answer has a status that the operation has, and a body as it is described for that. */
    void requireFit(Operation operation, HttpResponse<String> answer) throws IOException {
        String what = operation + " " + answer.statusCode() + ": " + answer.body();
        JsonNode response = resolved(operation.node().path("responses").path(String.valueOf(answer.statusCode())));
        assertThat(response.isMissingNode()).as("not described: " + what).isFalse();
        String type = answer.headers().firstValue("Content-Type").orElse("").split(";", 2)[0];
        JsonNode content = response.path("content");
        if (content.isMissingNode()) {
            assertThat(answer.body()).as(what).isEmpty();
            return;
        }
        assertThat(content.has(type) || content.has("*/*"))
                .as(type + " " + what)
                .isTrue();
        if (type.equals("application/json")) {
            JsonNode schema = content.path(type).path("schema");
            assertThat(schema(schema).validate(JSON.readTree(answer.body())))
                    .as(what)
                    .isEmpty();
        }
    }

    private JsonSchema schema(JsonNode schema) {
        return schemas.computeIfAbsent(schema.toString(), text -> {
            ObjectNode root = schema.deepCopy();
            root.set("components", document.path("components"));
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(
                            root,
                            SchemaValidatorsConfig.builder()
                                    .formatAssertionsEnabled(true)
                                    .build());
        });
    }

    /**
     * The document with each object closed: an answer must not have a field that is not described. Clients get the open
     * one, so that a later version may add fields.
     */
    private static JsonNode closed(JsonNode document) {
        Set<JsonNode> parts = Collections.newSetFromMap(new IdentityHashMap<>());
        document.findValues("allOf")
                .forEach(list -> list.forEach(part -> parts.add(
                        part.has("$ref")
                                ? document.at(part.path("$ref").asText().substring(1))
                                : part)));
        close(document.path("components"), parts);
        close(document.path("paths"), parts);
        return document;
    }

    private static void close(JsonNode node, Set<JsonNode> parts) {
        node.forEach(child -> close(child, parts));
        boolean describesObject =
                node.path("properties").isObject() || node.path("allOf").isArray();
        if (node instanceof ObjectNode object
                && describesObject
                && !node.has("additionalProperties")
                && !parts.contains(node)) {
            object.put("unevaluatedProperties", false);
        }
    }
}
