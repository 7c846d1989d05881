package dev.segno;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What somebody would send who wants more than is described, or did not read it. */
final class BadBodies {

    private static final ObjectMapper JSON = new ObjectMapper();

    private BadBodies() {}

    /** Bodies that a schema does not allow, by what is wrong with them. */
    static Map<String, String> of(JsonNode schema) {
        Map<String, String> bad = new LinkedHashMap<>();
        if (schema.isMissingNode()) {
            return bad;
        }
        bad.put("no JSON", "{\"a\":");
        bad.put("two values", "{} {}");
        if (!schema.path("type").asText().equals("object")) {
            return bad;
        }
        for (String other : List.of("[]", "null", "1", "\"text\"", "true", "[{}]")) {
            bad.put(other, other);
        }
        ObjectNode good = JSON.createObjectNode();
        schema.path("properties").properties().forEach(property -> {
            if (property.getValue().path("type").asText().equals("string")) {
                good.put(property.getKey(), property.getValue().at("/enum/0").asText("2026-01-01T00:00:00Z"));
            }
        });
        for (String extra : List.of("role", "state", "owner", "id", "__proto__", "Body", "FROM")) {
            bad.put(
                    "another field " + extra,
                    good.deepCopy().put(extra, "admin").toString());
        }
        schema.path("required").forEach(name -> {
            ObjectNode body = good.deepCopy();
            body.remove(name.asText());
            bad.put("no " + name.asText(), body.toString());
        });
        schema.path("properties").properties().forEach(property -> {
            String type = property.getValue().path("type").asText();
            for (String other : List.of("[]", "{}", "7", "\"\\u0000\"", "true", "null")) {
                boolean fits = type.isEmpty()
                        || (type.equals("object") && other.equals("{}"))
                        || (type.equals("string")
                                && other.startsWith("\"")
                                && !property.getValue().has("enum"));
                if (!fits) {
                    ObjectNode body = good.deepCopy();
                    body.putRawValue(property.getKey(), new RawValue(other));
                    bad.put(property.getKey() + " " + other, body.toString());
                }
            }
        });
        return bad;
    }
}
