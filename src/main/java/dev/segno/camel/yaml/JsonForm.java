package dev.segno.camel.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** A tree as Jackson's, for the schema validator. */
final class JsonForm {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** So many digits always fit a long. */
    private static final int LONGEST_LONG = 18;

    private JsonForm() {}

    static JsonNode of(YamlNode node) {
        if (node instanceof YamlMapping mapping) {
            ObjectNode object = JSON.objectNode();
            mapping.entries().forEach((key, entry) -> object.set(key, of(entry.value())));
            return object;
        }
        if (node instanceof YamlSequence sequence) {
            ArrayNode array = JSON.arrayNode();
            sequence.items().forEach(item -> array.add(of(item)));
            return array;
        }
        return scalar((YamlScalar) node);
    }

    private static JsonNode scalar(YamlScalar scalar) {
        String text = scalar.text();
        return switch (scalar.kind()) {
            case STRING -> JSON.textNode(text);
            case NULL -> JSON.nullNode();
            case BOOLEAN -> JSON.booleanNode(text.toLowerCase(Locale.ROOT).equals("true"));
            case INTEGER -> integer(text);
            case DECIMAL -> decimal(text);
        };
    }

    private static JsonNode integer(String text) {
        if (text.startsWith("0x") || text.startsWith("0o")) {
            int radix = text.startsWith("0x") ? 16 : 8;
            String digits = text.substring(2);
            return digits.length() <= 15 ? JSON.numberNode(Long.parseLong(digits, radix)) : JSON.textNode(text);
        }
        String digits = text.startsWith("+") ? text.substring(1) : text;
        return digits.length() <= LONGEST_LONG
                ? JSON.numberNode(Long.parseLong(digits))
                : JSON.numberNode(Double.parseDouble(digits));
    }

    private static JsonNode decimal(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.endsWith("inf") || lower.endsWith("nan")
                ? JSON.textNode(text)
                : JSON.numberNode(Double.parseDouble(text));
    }
}
