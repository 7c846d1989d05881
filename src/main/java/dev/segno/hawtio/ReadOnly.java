package dev.segno.hawtio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/**
 * What may be asked of JMX: to read, list and search in a few domains, and a few operations that only read. What is not
 * named here is refused, whatever it is. Stateless, hence safe for concurrent use.
 */
final class ReadOnly {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final Set<String> TYPES = Set.of("read", "list", "search", "version", "exec");

    /** Of a request nothing else is passed on; {@code target}, which names another process, is refused. */
    private static final Set<String> FIELDS =
            Set.of("type", "mbean", "attribute", "path", "operation", "arguments", "config");

    /** None of these shows more than it would without, or changes anything. */
    private static final Set<String> OPTIONS = Set.of(
            "maxDepth", "maxCollectionSize", "maxObjects", "ignoreErrors", "canonicalNaming", "listKeys", "listCache");

    /** Java's own beans that hold figures. The others start things, dump the heap or show the environment. */
    private static final Set<String> FIGURES_OF_JAVA = Set.of(
            "ClassLoading",
            "Compilation",
            "GarbageCollector",
            "Memory",
            "MemoryManager",
            "MemoryPool",
            "OperatingSystem",
            "Runtime",
            "Threading");

    /** Attributes that can hold secrets: what was given on the command line, in system properties and in addresses. */
    private static final Set<String> HIDDEN_ATTRIBUTES = Set.of(
            "SystemProperties",
            "InputArguments",
            "EndpointUri",
            "EndpointBaseUri",
            "GlobalOptions",
            "ServiceLocationUrl");

    /** Of processors only what counts and names: the others are their expressions, with the values of settings. */
    private static final Pattern OF_PROCESSORS = Pattern.compile("(Camel|Route|Processor|Step|Node)(Id|Name|Group)"
            + "|.*(Time|Timestamp|Total|Completed|Failed|Inflight|Redeliveries|Handled|Since|ExchangeId|Enabled)"
            + "|State|Index|Level|SourceLocationShort|CamelManagementName|NodePrefixId|SupportExtendedInformation");

    /** Of Camel's beans; the diagrams are drawn of these. The forms with arguments would put in the values of settings. */
    private static final Set<String> OPERATIONS = Set.of(
            "dumpRoutesAsXml()",
            "dumpRouteAsXml()",
            "dumpRoutesStatsAsXml",
            "dumpRoutesStatsAsXml(boolean,boolean)",
            "dumpRouteStatsAsXml",
            "dumpRouteStatsAsXml(boolean,boolean)");

    private static final Set<String> CAMELS_TYPES =
            Set.of("context", "routes", "processors", "threadpools", "steps", "routegroups");

    private ReadOnly() {}

    /**
     * A request, or several, with only what may be passed on.
     *
     * @throws ApiException with 403 when one of them may not be asked, with 400 when it is no request
     */
    static String checked(String body) {
        JsonNode request;
        try {
            request = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new ApiException(new ApiError(400, "bad-request", "The body is no JSON"));
        }
        if (request instanceof ArrayNode several) {
            ArrayNode out = JSON.createArrayNode();
            several.forEach(one -> out.add(checked(one)));
            return out.toString();
        }
        return checked(request).toString();
    }

    private static ObjectNode checked(JsonNode request) {
        if (!request.isObject()) {
            throw new ApiException(new ApiError(400, "bad-request", "A request must be a JSON object"));
        }
        ObjectNode out = JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> field : request.properties()) {
            if (field.getKey().equals("config")) {
                ObjectNode options = JSON.createObjectNode();
                field.getValue().properties().stream()
                        .filter(option -> OPTIONS.contains(option.getKey()))
                        .forEach(option -> options.set(option.getKey(), option.getValue()));
                out.set("config", options);
            } else if (FIELDS.contains(field.getKey())) {
                out.set(field.getKey(), field.getValue());
            } else {
                throw refused("\"" + field.getKey().replaceAll("[^A-Za-z]", "") + "\"");
            }
        }
        String type = request.path("type").asText().toLowerCase(Locale.ROOT);
        if (!TYPES.contains(type)) {
            throw refused("requests of this type");
        }
        if (type.equals("read") && !isShown(name(request))) {
            throw refused("this object");
        }
        if (type.equals("exec")
                && !isAllowed(name(request), request.path("operation").asText())) {
            throw refused("this operation");
        }
        return out;
    }

    private static ApiException refused(String what) {
        return new ApiException(
                new ApiError(403, "read-only", "Hawtio only looks here: " + what + " may not be asked"));
    }

    private static ObjectName name(JsonNode request) {
        try {
            return new ObjectName(request.path("mbean").asText());
        } catch (MalformedObjectNameException e) {
            throw new ApiException(new ApiError(400, "bad-request", "mbean must be the name of an object"));
        }
    }

    /** Whether an object, or all that a pattern matches, may be seen. */
    static boolean isShown(ObjectName name) {
        String type = name.getKeyProperty("type");
        return switch (name.getDomain()) {
            case "org.apache.camel" -> type == null || CAMELS_TYPES.contains(type);
            case "java.lang" -> type == null || FIGURES_OF_JAVA.contains(type);
            default -> false;
        };
    }

    /** Whether an attribute of an object that may be seen may be seen too. */
    static boolean isShown(ObjectName name, String attribute) {
        return isShown(name)
                && !HIDDEN_ATTRIBUTES.contains(attribute)
                && (!"processors".equals(name.getKeyProperty("type"))
                        || OF_PROCESSORS.matcher(attribute).matches());
    }

    static boolean isAllowed(ObjectName name, String operation) {
        return !name.isPattern()
                && name.getDomain().equals("org.apache.camel")
                && isShown(name)
                && OPERATIONS.contains(operation.replace(" ", ""));
    }
}
