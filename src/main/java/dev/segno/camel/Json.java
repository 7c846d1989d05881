package dev.segno.camel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON values as routes have them: maps with string keys, lists, strings, booleans, {@code null}, and the number types
 * that a parser makes. What is recorded has to be one of these, so that a replayed route sees what the first one saw.
 */
final class Json {

    static final ObjectMapper MAPPER = new ObjectMapper();

    static final TypeReference<LinkedHashMap<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private Json() {}

    /** Whether a value is JSON already and reads back as exactly the same. */
    static boolean isPlain(@Nullable Object value) {
        if (value == null || value instanceof String || value instanceof Boolean || value instanceof Integer) {
            return true;
        }
        // A parser takes the smallest type of integer that a number fits into.
        if (value instanceof Long number) {
            return number < Integer.MIN_VALUE || number > Integer.MAX_VALUE;
        }
        if (value instanceof BigInteger number) {
            return number.bitLength() >= Long.SIZE;
        }
        if (value instanceof Double number) {
            return isFinite(number);
        }
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (!(entry.getKey() instanceof String) || !isPlain(entry.getValue())) {
                    return false;
                }
            }
            return true;
        }
        if (value instanceof List<?> list) {
            for (Object element : list) {
                if (!isPlain(element)) {
                    return false;
                }
            }
            return true;
        }
        return false;
    }

    /** Whether a value can be written as JSON at all. */
    static boolean isWritable(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (!(entry.getKey() instanceof String) || !isWritable(entry.getValue())) {
                    return false;
                }
            }
            return true;
        }
        if (value instanceof List<?> list) {
            for (Object element : list) {
                if (!isWritable(element)) {
                    return false;
                }
            }
            return true;
        }
        return isPlain(value)
                || value instanceof JsonNode
                || (value instanceof Number number && isFinite(number.doubleValue()))
                || value instanceof BigDecimal
                || value instanceof BigInteger;
    }

    /** JSON has neither infinity nor what is no number. */
    private static boolean isFinite(double number) {
        return !Double.isNaN(number) && !Double.isInfinite(number);
    }

    /** The value as it reads back after it was written. A tree is taken apart without being written. */
    static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof ObjectNode object) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                map.put(field.getKey(), plain(field.getValue()));
            }
            return map;
        }
        if (value instanceof ArrayNode array) {
            List<@Nullable Object> list = new ArrayList<>(array.size());
            array.forEach(element -> list.add(plain(element)));
            return list;
        }
        if (value instanceof TextNode || value instanceof BooleanNode || value instanceof NullNode) {
            JsonNode node = (JsonNode) value;
            return node.isNull() ? null : node.isTextual() ? node.textValue() : (Object) node.booleanValue();
        }
        if (value instanceof IntNode || value instanceof LongNode || value instanceof DoubleNode) {
            Number number = ((JsonNode) value).numberValue();
            return isPlain(number) ? number : read(bytes(number));
        }
        return isPlain(value) ? value : read(bytes(value));
    }

    /**
     * The value as the tree that it would be read back as. What is a tree already is not copied.
     *
     * @throws IllegalArgumentException for what cannot be written as JSON
     */
    static JsonNode tree(@Nullable Object value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (value == null) {
            return nodes.nullNode();
        }
        if (value instanceof JsonNode node) {
            return node;
        }
        if (value instanceof String text) {
            return nodes.textNode(text);
        }
        if (value instanceof Boolean truth) {
            return nodes.booleanNode(truth);
        }
        if (value instanceof Integer number) {
            return nodes.numberNode(number.intValue());
        }
        if (value instanceof Double number && isFinite(number)) {
            return nodes.numberNode(number.doubleValue());
        }
        if (value instanceof List<?> list) {
            ArrayNode array = nodes.arrayNode(list.size());
            for (Object element : list) {
                array.add(tree(element));
            }
            return array;
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode object = nodes.objectNode();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                // JSON's names are texts; Jackson makes them of other keys by rules of its own.
                if (!(entry.getKey() instanceof String name)) {
                    return written(map);
                }
                object.set(name, tree(entry.getValue()));
            }
            return object;
        }
        return written(value);
    }

    private static JsonNode written(Object value) {
        try {
            return MAPPER.readTree(bytes(value));
        } catch (IOException e) {
            throw new IllegalArgumentException("Not readable as JSON: " + e.getMessage(), e);
        }
    }

    static byte[] bytes(@Nullable Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not writable as JSON: " + e.getOriginalMessage(), e);
        }
    }

    static String text(@Nullable Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not writable as JSON: " + e.getOriginalMessage(), e);
        }
    }

    static @Nullable Object read(byte[] json) {
        try {
            return MAPPER.readValue(json, Object.class);
        } catch (IOException e) {
            throw new UncheckedIOException("A recorded body is not JSON", e);
        }
    }

    static Map<String, @Nullable Object> readObject(String json) {
        try {
            return MAPPER.readValue(json, OBJECT);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not a JSON object: " + e.getOriginalMessage(), e);
        }
    }
}
