package dev.segno.camel.javadsl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Gives the elements of a model the shape that Camel's YAML schema wants: which of them are steps, which are options and
 * which stand in a list, and what is a number or a truth value. What the schema does not know keeps its name, for the
 * checks to tell.
 */
final class YamlShape {

    private static final String RESOURCE = "/schema/camelYamlDsl.json";
    private static final String EIPS = "org.apache.camel.model.ProcessorDefinition";
    private static final String EXPRESSIONS = "org.apache.camel.model.language.ExpressionDefinition";
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,17})(\\.[0-9]+)?");
    private static final int DEEP_ENOUGH = 6;

    private final JsonNode items;
    private final JsonNode definitions;
    private final IdentityHashMap<Object, Integer> lines = new IdentityHashMap<>();

    private YamlShape(JsonNode schema) {
        items = schema.path("items");
        definitions = items.path("definitions");
    }

    /** Reads the schema, which takes some time: one for all classes. */
    static YamlShape load() {
        try (InputStream in = YamlShape.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not on the class path: camel-yaml-dsl is missing");
            }
            return new YamlShape(new ObjectMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An entry of a file. */
    Map<String, Object> entry(ModelElement element) {
        return wrap(element, property(items, element.name, DEEP_ENOUGH));
    }

    /** Where in the class a mapping comes from, from 1; 0 where that is not known. */
    int line(Object mapping) {
        return lines.getOrDefault(mapping, 0);
    }

    private Map<String, Object> wrap(ModelElement element, JsonNode schema) {
        Map<String, Object> wrapped = new LinkedHashMap<>();
        wrapped.put(element.name, value(element, schema));
        lines.put(wrapped, element.line);
        return wrapped;
    }

    private Object value(ModelElement element, JsonNode schema) {
        boolean expression = !schema.isMissingNode() && isSame(schema, expression(element.name));
        if (element.isText() || (expression && element.isEmpty())) {
            return element.text == null ? "" : element.text;
        }
        String uri = element.attributes.get("uri");
        if (uri != null && element.attributes.size() == 1 && element.children.isEmpty() && isText(schema)) {
            return uri;
        }
        Map<String, Object> mapping = new LinkedHashMap<>();
        lines.put(mapping, element.line);
        element.attributes.forEach(
                (name, text) -> mapping.put(name, scalar(text, property(schema, name, DEEP_ENOUGH))));
        if (element.text != null) {
            mapping.put("expression", element.text);
        }
        for (ModelElement child : element.children) {
            add(mapping, child, schema, element.name.equals("route"));
        }
        return mapping;
    }

    private void add(Map<String, Object> mapping, ModelElement child, JsonNode schema, boolean ofRoute) {
        JsonNode property = property(schema, child.name, DEEP_ENOUGH);
        JsonNode step = property(definitions.path(EIPS), child.name, DEEP_ENOUGH);
        String list = property.isMissingNode() ? listOf(step, schema) : "";
        if (!property.isMissingNode() && property.path("type").asText().equals("array")) {
            JsonNode item = resolved(property.path("items"));
            boolean named = item.path("properties").size() == 1
                    && item.path("properties").has(child.name);
            list(mapping, child.name)
                    .add(named ? wrap(child, resolved(item.path("properties").path(child.name))) : value(child, item));
        } else if (!property.isMissingNode()) {
            once(mapping, child, value(child, property));
        } else if (!list.isEmpty()) {
            list(mapping, list).add(value(child, step));
        } else if (ofRoute && mapping.get("from") instanceof Map<?, ?> from) {
            @SuppressWarnings("unchecked") // made above, by this class
            Map<String, Object> entry = (Map<String, Object>) from;
            list(entry, "steps").add(wrap(child, step));
        } else if (has(schema, "steps")) {
            list(mapping, "steps").add(wrap(child, step));
        } else {
            once(mapping, child, value(child, step));
        }
    }

    private static void once(Map<String, Object> mapping, ModelElement child, Object value) {
        if (mapping.put(child.name, value) != null) {
            throw new IllegalStateException("'" + child.name + "' stands twice where one can be written");
        }
    }

    @SuppressWarnings("unchecked") // all lists are made here
    private static List<Object> list(Map<String, Object> mapping, String name) {
        return (List<Object>) mapping.computeIfAbsent(name, key -> new ArrayList<>());
    }

    /** The option that holds a list of such elements under another name, as setHeaders its headers; or nothing. */
    private String listOf(JsonNode step, JsonNode schema) {
        for (Iterator<Map.Entry<String, JsonNode>> fields =
                        schema.path("properties").fields();
                fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            JsonNode item = resolved(field.getValue().path("items"));
            if (!item.isMissingNode() && isSame(item, step)) {
                return field.getKey();
            }
        }
        return "";
    }

    private JsonNode expression(String name) {
        return property(definitions.path(EXPRESSIONS), name, DEEP_ENOUGH);
    }

    private boolean has(JsonNode schema, String property) {
        return !property(schema, property, DEEP_ENOUGH).isMissingNode();
    }

    private boolean isText(JsonNode schema) {
        for (JsonNode form : schema.path("oneOf")) {
            if (form.path("type").asText().equals("string")) {
                return true;
            }
        }
        return false;
    }

    /** What the schema says of an option, wherever in its alternatives it says it. */
    private JsonNode property(JsonNode schema, String name, int depth) {
        JsonNode own = schema.path("properties").path(name);
        if (!own.isMissingNode() && !own.isEmpty()) {
            return resolved(own);
        }
        if (depth > 0) {
            for (String forms : List.of("oneOf", "anyOf")) {
                for (JsonNode form : schema.path(forms)) {
                    JsonNode found = property(resolved(form), name, depth - 1);
                    if (!found.isMissingNode()) {
                        return found;
                    }
                }
            }
        }
        return own.isMissingNode() ? MissingNode.getInstance() : own;
    }

    private JsonNode resolved(JsonNode schema) {
        String reference = schema.path("$ref").asText();
        return reference.isEmpty() ? schema : definitions.path(reference.substring(reference.lastIndexOf('/') + 1));
    }

    /** Two definitions may say the same, and are two all the same. */
    private static boolean isSame(Object one, Object other) {
        return one == other;
    }

    private static Object scalar(String text, JsonNode schema) {
        String type = schema.path("type").asText();
        if (type.equals("boolean") && (text.equals("true") || text.equals("false"))) {
            return Boolean.valueOf(text);
        }
        if ((type.equals("number") || type.equals("integer"))
                && NUMBER.matcher(text).matches()) {
            return text.contains(".") ? new BigDecimal(text) : Long.valueOf(text);
        }
        return text;
    }
}
