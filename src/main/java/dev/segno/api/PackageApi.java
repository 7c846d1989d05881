package dev.segno.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import dev.segno.control.YamlTree;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The OpenAPI 3.1 document of a route package: which operations it serves, with which keys, and what their requests look
 * like. Immutable, hence safe for concurrent use.
 *
 * <p>Extensions: {@code x-segno-setting} on an {@code apiKey} security scheme names the setting that holds its key, or
 * its keys as {@code name=key,name=key}; {@code x-segno-max-body} on an operation is the limit of its body in bytes;
 * {@code x-segno-errors} at the top words its errors ({@link ErrorTemplates}); {@code x-segno-missing-status} at the top
 * is the status of requests that leave out what is required, 400 where it is not given, and lets the message name the
 * first fault; {@code x-segno-correlated: true} at the top puts a correlation id on each answer and into each message.
 * A security scheme of {@code type: http} and {@code scheme: bearer} stands for the server's own authentication; a
 * requirement of it names the role, {@code operator} where it names none, and {@code peer} when peers may call it as well.
 */
public final class PackageApi {

    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final List<Operation> operations;

    private PackageApi(Path file, List<Operation> operations) {
        this.file = file;
        this.operations = List.copyOf(operations);
    }

    /**
     * Loads a document.
     *
     * @throws SettingsException when it cannot be read or used, or a setting that holds one of its keys is not set; the
     *     message names file and place
     */
    public static PackageApi load(Path file, Settings settings) {
        return new Reader(file, settings).read();
    }

    List<Operation> operations() {
        return operations;
    }

    /** Whether the package has a health check of its own at {@code /health}, for when it runs alone. */
    public boolean describesHealth() {
        return operations.stream().anyMatch(operation -> operation.path().text().equals("/health"));
    }

    Path file() {
        return file;
    }

    @Override
    public String toString() {
        return "PackageApi[" + file + "]";
    }

    private static final class Reader {

        private final Path file;
        private final Settings settings;
        private final JsonNode document;
        private final ErrorTemplates errors;
        private final Map<String, KeyScheme> schemes = new HashMap<>();

        Reader(Path file, Settings settings) {
            this.file = file;
            this.settings = settings;
            try {
                this.document = JSON.valueToTree(YamlTree.read(file));
            } catch (IllegalArgumentException e) {
                throw new SettingsException(file + ": is not a tree of plain values", e);
            }
            Map<String, JsonNode> templates = new HashMap<>();
            document.path("x-segno-errors")
                    .properties()
                    .forEach(template -> templates.put(template.getKey(), template.getValue()));
            this.errors = new ErrorTemplates(templates);
        }

        PackageApi read() {
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
                        operations.add(
                                operation(item.getKey(), entry.getKey(), item.getValue(), entry.getValue(), place));
                    }
                });
            });
            if (operations.isEmpty()) {
                throw fault("/paths", "holds no operation");
            }
            return new PackageApi(file, operations);
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
            JsonNode schema =
                    requestBody.path("content").path("application/json").path("schema");
            return new Operation(
                    method.toUpperCase(Locale.ROOT),
                    PathTemplate.of(path),
                    access,
                    Set.copyOf(secrets),
                    limit.isMissingNode() ? null : limit.asLong(),
                    parameters(item, node, place),
                    schema.isMissingNode() ? null : schema(schema, place + "/requestBody"),
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
            Role role = Role.OPERATOR;
            boolean peer = false;
            for (JsonNode alternative : security) {
                if (alternative.size() != 1) {
                    throw fault(place + "/security", "each alternative must name exactly one scheme");
                }
                String name = alternative.fieldNames().next();
                if (isServers(name)) {
                    for (JsonNode named : alternative.path(name)) {
                        Role one = Role.of(named.asText())
                                .orElseThrow(() -> fault(place + "/security", "names a role that does not exist"));
                        role = one == Role.PEER ? role : one;
                        peer |= one == Role.PEER;
                    }
                } else {
                    alternatives.add(scheme(name, place));
                }
            }
            return new AccessRules.Rule(security.isEmpty(), alternatives, role, peer);
        }

        /** Whether a scheme is the server's own authentication, which every operation takes. */
        private boolean isServers(String name) {
            JsonNode node = document.path("components").path("securitySchemes").path(name);
            return node.path("type").asText().equals("http")
                    && node.path("scheme").asText().equals("bearer");
        }

        private KeyScheme scheme(String name, String place) {
            @Nullable KeyScheme known = schemes.get(name);
            if (known != null) {
                return known;
            }
            JsonNode node = document.path("components").path("securitySchemes").path(name);
            String where = "/components/securitySchemes/" + name;
            if (!node.path("type").asText().equals("apiKey")) {
                throw fault(where, "must be there and have the type apiKey");
            }
            Caller.Place in = switch (node.path("in").asText()) {
                case "header" -> Caller.Place.HEADER;
                case "query" -> Caller.Place.QUERY;
                default -> throw fault(where + "/in", "must be header or query");
            };
            String setting = node.path("x-segno-setting").asText();
            if (setting.isEmpty() || node.path("name").asText().isEmpty()) {
                throw fault(where, "needs name, and x-segno-setting with the setting that holds the key");
            }
            String keys = settings.find(setting)
                    .orElseThrow(() ->
                            fault(place, "needs a key, but the setting " + setting + " is not set; set " + setting));
            KeyScheme scheme = new KeyScheme(in, node.path("name").asText(), NamedKeys.parseLenient(setting, keys));
            schemes.put(name, scheme);
            return scheme;
        }

        private List<Operation.Parameter> parameters(JsonNode item, JsonNode node, String place) {
            List<Operation.Parameter> parameters = new ArrayList<>();
            for (JsonNode list : List.of(item.path("parameters"), node.path("parameters"))) {
                for (JsonNode entry : list) {
                    JsonNode parameter = resolve(entry, place + "/parameters");
                    if (parameter.path("in").asText().equals("query") && parameter.has("schema")) {
                        parameters.add(new Operation.Parameter(
                                parameter.path("name").asText(),
                                parameter.path("required").asBoolean(false),
                                parameter.path("schema").path("type").asText("string"),
                                schema(parameter.path("schema"), place + "/parameters")));
                    }
                }
            }
            return List.copyOf(parameters);
        }

        private BodySchema schema(JsonNode schema, String place) {
            try {
                return new BodySchema(schema, document);
            } catch (RuntimeException e) {
                throw fault(place, "the schema is not valid: " + e.getMessage());
            }
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
            return new SettingsException(file + ": " + place + ": " + what);
        }
    }
}
