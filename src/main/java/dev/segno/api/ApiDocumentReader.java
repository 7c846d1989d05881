package dev.segno.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import dev.segno.security.AccessRules;
import dev.segno.security.Caller;
import dev.segno.security.KeyScheme;
import dev.segno.security.NamedKeys;
import dev.segno.security.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the operations out of one document; used once, by one thread. */
final class ApiDocumentReader {

    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Settings settings;
    private final JsonNode document;
    private final ErrorTemplates errors;
    private final boolean strictQuery;
    private final Map<String, Optional<KeyScheme>> schemes = new HashMap<>();

    /**
     * @param name what messages call the document
     * @throws SettingsException when the tree is none of plain values
     */
    ApiDocumentReader(String name, Map<?, ?> tree, Settings settings) {
        this.name = name;
        this.settings = settings;
        try {
            this.document = JSON.valueToTree(tree);
        } catch (IllegalArgumentException e) {
            throw new SettingsException(name + ": is not a tree of plain values", e);
        }
        Map<String, JsonNode> templates = new HashMap<>();
        document.path("x-segno-errors")
                .properties()
                .forEach(template -> templates.put(template.getKey(), template.getValue()));
        this.errors = new ErrorTemplates(templates);
        this.strictQuery = document.path("x-segno-strict-query").asBoolean(false);
    }

    ApiDocument read(@Nullable Path file) {
        if (!document.path("openapi").asText().startsWith("3.1")) {
            throw fault("/openapi", "must be 3.1");
        }
        List<Operation> operations = new ArrayList<>();
        document.path("paths").properties().forEach(item -> {
            if (!item.getKey().startsWith("/")) {
                throw fault("/paths/" + item.getKey(), "a path begins with /");
            }
            item.getValue().properties().forEach(entry -> {
                if (METHODS.contains(entry.getKey())) {
                    String place = "/paths/" + item.getKey() + "/" + entry.getKey();
                    operations.add(operation(item.getKey(), entry.getKey(), item.getValue(), entry.getValue(), place));
                }
            });
        });
        if (operations.isEmpty()) {
            throw fault("/paths", "holds no operation");
        }
        return new ApiDocument(name, file, document, operations);
    }

    private Operation operation(String path, String method, JsonNode item, JsonNode node, String place) {
        AccessRules.Rule access = access(node, place);
        Set<String> secrets = new HashSet<>();
        for (KeyScheme scheme : access.schemes()) {
            if (scheme.place() == Caller.Place.QUERY) {
                secrets.add(scheme.name());
            }
        }
        JsonNode limit = node.path("x-segno-max-body");
        if (!limit.isMissingNode() && !(limit.canConvertToLong() && limit.asLong() > 0)) {
            throw fault(place + "/x-segno-max-body", "must be a number of bytes");
        }
        JsonNode requestBody = resolve(node.path("requestBody"), place + "/requestBody");
        JsonNode schema = requestBody.path("content").path("application/json").path("schema");
        List<JsonNode> parameters = parameters(item, node, place);
        boolean slashes = parameters.stream()
                .anyMatch(parameter -> parameter.path("x-segno-slashes").asBoolean(false));
        return new Operation(
                node.path("x-segno-act").asText(node.path("operationId").asText(method + " " + path)),
                method.toUpperCase(Locale.ROOT),
                slashes ? PathTemplate.withRest(path) : PathTemplate.of(path),
                access,
                Set.copyOf(secrets),
                limit.isMissingNode() ? null : limit.asLong(),
                parameters.stream()
                        .filter(parameter -> parameter.has("schema"))
                        .map(parameter -> parameter(parameter, place))
                        .toList(),
                node.path("x-segno-strict-query").asBoolean(strictQuery),
                // Where anything goes there is nothing to look at.
                schema.isEmpty() ? null : new BodySchema(schema, document),
                requestBody.path("required").asBoolean(false),
                node.path("deprecated").asBoolean(false),
                errors,
                document.path("x-segno-missing-status").asInt(400),
                document.path("x-segno-correlated").asBoolean(false));
    }

    private AccessRules.Rule access(JsonNode node, String place) {
        JsonNode security = node.has("security") ? node.path("security") : document.path("security");
        if (security.isMissingNode()) {
            throw fault(place, "has no security; write security: [] when anybody may call it");
        }
        List<KeyScheme> alternatives = new ArrayList<>();
        for (JsonNode alternative : security) {
            if (alternative.size() != 1) {
                throw fault(place + "/security", "each alternative must name exactly one scheme");
            }
            scheme(alternative.fieldNames().next(), place).ifPresent(alternatives::add);
        }
        boolean open = security.isEmpty() || node.path("x-segno-public").asBoolean(false);
        String word = node.path("x-segno-role").asText(Role.OPERATOR.text());
        Role role = Role.of(word)
                .filter(known -> known != Role.PEER)
                .orElseThrow(() -> fault(
                        place + "/x-segno-role", "must be viewer, submitter, operator, editor or admin, not " + word));
        return new AccessRules.Rule(
                open, alternatives, role, node.path("x-segno-peer").asBoolean(false));
    }

    /** The scheme with keys of its own; empty when it stands for the credentials that are good everywhere. */
    private Optional<KeyScheme> scheme(String scheme, String place) {
        return schemes.computeIfAbsent(scheme, name -> readScheme(name, place));
    }

    private Optional<KeyScheme> readScheme(String scheme, String place) {
        JsonNode node = document.path("components").path("securitySchemes").path(scheme);
        String where = "/components/securitySchemes/" + scheme;
        String type = node.path("type").asText();
        if (type.equals("http")) {
            return Optional.empty();
        }
        if (!type.equals("apiKey")) {
            throw fault(where, "must be there and have the type apiKey, or http for the keys that are good everywhere");
        }
        Caller.Place in = switch (node.path("in").asText()) {
            case "header" -> Caller.Place.HEADER;
            case "query" -> Caller.Place.QUERY;
            default -> throw fault(where + "/in", "must be header or query");
        };
        String setting = node.path("x-segno-setting").asText();
        String shown = node.path("name").asText();
        if (setting.isEmpty() && in == Caller.Place.HEADER && shown.equalsIgnoreCase("X-Api-Key")) {
            return Optional.empty();
        }
        if (setting.isEmpty() || shown.isEmpty()) {
            throw fault(where, "needs name, and x-segno-setting with the setting that holds the key");
        }
        String keys = settings.find(setting)
                .orElseThrow(
                        () -> fault(place, "needs a key, but the setting " + setting + " is not set; set " + setting));
        return Optional.of(new KeyScheme(in, shown, NamedKeys.parseLenient(setting, keys)));
    }

    /** The parameters of an operation; one of the path as a whole gives way to the operation's own of its name. */
    private List<JsonNode> parameters(JsonNode item, JsonNode node, String place) {
        Map<String, JsonNode> parameters = new HashMap<>();
        List<JsonNode> inOrder = new ArrayList<>();
        for (JsonNode list : List.of(node.path("parameters"), item.path("parameters"))) {
            for (JsonNode entry : list) {
                JsonNode parameter = resolve(entry, place + "/parameters");
                String key = parameter.path("in").asText()
                        + ' '
                        + parameter.path("name").asText();
                if (parameters.putIfAbsent(key, parameter) == null) {
                    inOrder.add(parameter);
                }
            }
        }
        return inOrder;
    }

    private Operation.Parameter parameter(JsonNode parameter, String place) {
        Operation.In in = Operation.In.of(parameter.path("in").asText())
                .orElseThrow(() -> fault(place + "/parameters", "stand in the query, a header or the path"));
        JsonNode schema = parameter.path("schema");
        return new Operation.Parameter(
                in,
                parameter.path("name").asText(),
                parameter.path("required").asBoolean(false),
                resolve(schema, place + "/parameters").path("type").asText("string"),
                new BodySchema(schema, document));
    }

    /** Follows a reference into the document itself. */
    private JsonNode resolve(JsonNode node, String place) {
        if (!node.has("$ref")) {
            return node;
        }
        String ref = node.path("$ref").asText();
        JsonNode target = ref.startsWith("#/") ? document.at(ref.substring(1)) : MissingNode.getInstance();
        if (target.isMissingNode()) {
            throw fault(place, "$ref " + ref + " leads nowhere");
        }
        return target;
    }

    private SettingsException fault(String place, String what) {
        return new SettingsException(name + ": " + place + ": " + what);
    }
}
