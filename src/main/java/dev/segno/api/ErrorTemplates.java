package dev.segno.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.segno.security.ApiError;
import dev.segno.security.ErrorShape;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The errors of a package as its document words them in {@code x-segno-errors}: a JSON template per error code, and
 * {@code other} for the rest. In texts {@code {id}}, {@code {status}}, {@code {code}}, {@code {message}}
 * and {@code {timestamp}}; a text that is just {@code {details}} becomes the details themselves, {@code {field}} the name
 * of the first field that is wrong, {@code {fields}} what is wrong with each, {@code {problems}} the same as a list of
 * {@code field} and {@code problem}, with {@code body} for what is wrong with all of it; a member without any is left out.
 * Immutable, hence safe for concurrent use.
 */
record ErrorTemplates(Map<String, JsonNode> templates) implements ErrorShape {

    ErrorTemplates {
        templates = Map.copyOf(templates);
    }

    @Override
    public JsonNode body(ApiError error, String id) {
        @Nullable JsonNode template = templates.get(error.code());
        if (template == null) {
            template = templates.get("other");
        }
        if (template == null) {
            return ErrorShape.API.body(error, id);
        }
        @Nullable JsonNode filled = fill(template, error, id);
        return filled == null ? JsonNodeFactory.instance.nullNode() : filled;
    }

    private static @Nullable JsonNode fill(JsonNode template, ApiError error, String id) {
        if (template.isTextual()) {
            return switch (template.textValue()) {
                case "{details}" -> error.details();
                case "{field}" -> {
                    Map<String, ArrayNode> fields = fields(error);
                    yield fields.isEmpty()
                            ? null
                            : JsonNodeFactory.instance.textNode(
                                    fields.keySet().iterator().next());
                }
                case "{fields}" -> {
                    Map<String, ArrayNode> fields = fields(error);
                    yield fields.isEmpty()
                            ? null
                            : JsonNodeFactory.instance.objectNode().setAll(fields);
                }
                case "{problems}" -> {
                    ArrayNode problems = JsonNodeFactory.instance.arrayNode();
                    fields(error)
                            .forEach((field, faults) -> faults.forEach(fault ->
                                    problems.addObject().put("field", field).set("problem", fault)));
                    ofAllOfIt(error)
                            .forEach(fault ->
                                    problems.addObject().put("field", "body").set("problem", fault));
                    yield problems.isEmpty() ? null : problems;
                }
                default -> JsonNodeFactory.instance.textNode(text(template.textValue(), error, id));
            };
        }
        if (template.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            template.properties().forEach(member -> {
                @Nullable JsonNode value = fill(member.getValue(), error, id);
                if (value != null) {
                    object.set(member.getKey(), value);
                }
            });
            return object;
        }
        if (template.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            template.forEach(item -> {
                @Nullable JsonNode value = fill(item, error, id);
                if (value != null) {
                    array.add(value);
                }
            });
            return array;
        }
        return template;
    }

    /** What the details say of each field, in their order. */
    private static Map<String, ArrayNode> fields(ApiError error) {
        Map<String, ArrayNode> fields = new LinkedHashMap<>();
        if (error.details() != null) {
            for (JsonNode fault : error.details()) {
                String name =
                        fault.path("path").asText().replaceFirst("^[/?]", "").replace('/', '.');
                if (!name.isEmpty() && fault.has("message")) {
                    fields.computeIfAbsent(name, unseen -> JsonNodeFactory.instance.arrayNode())
                            .add(fault.path("message"));
                }
            }
        }
        return fields;
    }

    /** What the details say of the body as a whole. */
    private static ArrayNode ofAllOfIt(ApiError error) {
        ArrayNode faults = JsonNodeFactory.instance.arrayNode();
        if (error.details() != null) {
            for (JsonNode fault : error.details()) {
                if (fault.path("path").asText("?").isEmpty() && fault.has("message")) {
                    faults.add(fault.path("message"));
                }
            }
        }
        return faults;
    }

    private static String text(String template, ApiError error, String id) {
        // The message last: whatever it holds is not looked at again.
        return template.replace("{id}", id)
                .replace("{status}", String.valueOf(error.status()))
                .replace("{code}", error.code())
                .replace(
                        "{timestamp}",
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .replace("{message}", error.message());
    }
}
