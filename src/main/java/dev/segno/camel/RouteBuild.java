package dev.segno.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.segno.camel.yaml.FoundRoute;
import dev.segno.camel.yaml.Placeholders;
import dev.segno.camel.yaml.RouteFile;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteBuilderLifecycleStrategy;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RoutesDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * Builds one version of a file: pins its settings, makes its names unique in the context, prepares its routes for runs,
 * and adds them.
 */
final class RouteBuild {

    /** What of a file is built. */
    enum Part {
        /** All of it. */
        ALL,
        /** What runs pass through; triggers belong to the current version alone. */
        RUNS
    }

    /** Consumers on the HTTP server. Its component leaves the tag out of the path: {@code TaggedHttpComponent}. */
    private static final Pattern REQUESTS = Pattern.compile("^(platform-http|rest):");

    private final CamelContext context;
    private final RunInterceptStrategy interceptor;
    private final BetweenRoutes betweenRuns;
    private final RouteFile file;
    private final String tag;
    private final Map<String, String> values;
    private final Part part;
    private final BuiltRoutes built;

    /**
     * @param tag    tells the names of this build from those of all others: the version, or the version and a number
     * @param values what the file's placeholders resolve to
     */
    RouteBuild(
            CamelContext context,
            RunInterceptStrategy interceptor,
            BetweenRoutes betweenRuns,
            RouteFile file,
            String tag,
            Map<String, String> values,
            Part part) {
        this.context = context;
        this.interceptor = interceptor;
        this.betweenRuns = betweenRuns;
        this.file = file;
        this.tag = tag;
        this.values = values;
        this.part = part;
        this.built = new BuiltRoutes(context, interceptor);
    }

    /** Adds the routes, with the triggers standing still; on failure none of them stays behind. */
    BuiltRoutes run() throws Exception {
        JsonNode tree = rewrite(withoutConfigurations(file.tree().toJson()), this::pin);
        // JSON is YAML: what was checked as a tree is what Camel gets.
        Resource resource =
                ResourceHelper.fromString(file.name() + RouteVersions.AT + tag + ".camel.yaml", Json.text(tree));
        Collection<RoutesBuilder> builders =
                PluginHelper.getRoutesLoader(context).findRoutesBuilders(resource);
        try {
            for (RoutesBuilder builder : builders) {
                if (builder instanceof RouteBuilder routes) {
                    routes.addLifecycleInterceptor(new Preparation());
                }
            }
            for (RoutesBuilder builder : builders) {
                context.addRoutes(builder);
            }
            return built;
        } catch (Exception e) {
            built.remove();
            throw e;
        }
    }

    /** Route configurations are shared, and no part of a version: {@link SharedConfigurations} adds them. */
    private static JsonNode withoutConfigurations(JsonNode tree) {
        if (tree instanceof ArrayNode list) {
            ArrayNode rest = list.arrayNode();
            list.forEach(entry -> {
                if (!entry.has("routeConfiguration")) {
                    rest.add(entry);
                }
            });
            return rest;
        }
        return tree;
    }

    private String pin(String text) {
        String pinned = text;
        if (text.contains("{{")) {
            pinned = FileVersion.aroundSecrets(text, values, part -> Placeholders.resolve(part, values::get));
        }
        if (pinned.contains("direct:")) {
            for (FoundRoute route : file.directRoutes()) {
                Pattern call = Pattern.compile("direct:" + Pattern.quote(route.name()) + "(?![A-Za-z0-9_.@-])");
                pinned = call.matcher(pinned)
                        .replaceAll(Matcher.quoteReplacement("direct:" + route.name() + RouteVersions.AT + tag));
            }
        }
        return pinned;
    }

    private final class Preparation implements RouteBuilderLifecycleStrategy {
        @Override
        public void afterConfigure(RouteBuilder builder) {
            boolean runs = !file.orchestrations().isEmpty();
            Map<String, Integer> unnamed = new HashMap<>();
            RoutesDefinition collection = builder.getRouteCollection();
            List<RouteDefinition> routes = collection.getRoutes();
            RouteModel.ownHandlers(collection);
            if (part == Part.RUNS) {
                routes.removeIf(route -> !isOfRuns(route));
            }
            for (RouteDefinition route : routes) {
                boolean ofRuns = runs && isOfRuns(route);
                prepareIds(route, unnamed);
                if (!isOfRuns(route)) {
                    holdBack(route);
                }
                if (ofRuns) {
                    if (isOrchestration(route) && uri(route).indexOf(RouteVersions.AT) < 0) {
                        route.getInput().setUri(withVersion(uri(route)));
                    }
                    interceptor.admit(route.getRouteId());
                    RouteModel.prepare(context, route);
                }
                betweenRuns.prepare(context, route);
            }
        }
    }

    private void prepareIds(RouteDefinition route, Map<String, Integer> unnamed) {
        String id = route.getRouteId();
        if (id == null || id.indexOf(RouteVersions.AT) < 0) {
            int count = unnamed.merge("", 1, Integer::sum);
            String local = id == null ? file.name() + '-' + count : id;
            route.setId(local + RouteVersions.AT + tag);
            route.setGroup(file.packageName() + '/' + file.name());
        }
        if (isOfRuns(route)) {
            built.add(route.getRouteId(), BuiltRoutes.Role.CALLED);
        }
    }

    /** A trigger starts when all the rest stands; one that takes requests gets an address of its own beside the old one. */
    private void holdBack(RouteDefinition route) {
        boolean off = "false".equalsIgnoreCase(route.getAutoStartup());
        boolean requests = REQUESTS.matcher(uri(route)).find();
        BuiltRoutes.Role role = requests ? BuiltRoutes.Role.REQUESTS : BuiltRoutes.Role.EXCLUSIVE;
        built.add(route.getRouteId(), off ? BuiltRoutes.Role.OFF : role);
        route.setAutoStartup("false");
        if (requests && uri(route).indexOf(RouteVersions.AT) < 0) {
            route.getInput().setUri(withVersion(uri(route)));
        }
    }

    private String withVersion(String uri) {
        int query = uri.indexOf('?');
        return query < 0
                ? uri + RouteVersions.AT + tag
                : uri.substring(0, query) + RouteVersions.AT + tag + uri.substring(query);
    }

    private static boolean isOfRuns(RouteDefinition route) {
        return isOrchestration(route) || RouteModel.isDirect(uri(route));
    }

    private static boolean isOrchestration(RouteDefinition route) {
        return uri(route).startsWith(OrchestrationComponent.SCHEME + ':');
    }

    private static String uri(RouteDefinition route) {
        return route.getInput().getEndpointUri();
    }

    /** The tree with every text in it replaced by what {@code change} makes of it. */
    static JsonNode rewrite(JsonNode node, UnaryOperator<String> change) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = object.objectNode();
            object.fields().forEachRemaining(field -> copy.set(field.getKey(), rewrite(field.getValue(), change)));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = array.arrayNode();
            array.forEach(element -> copy.add(rewrite(element, change)));
            return copy;
        }
        return node.isTextual() ? TextNode.valueOf(change.apply(node.textValue())) : node;
    }
}
