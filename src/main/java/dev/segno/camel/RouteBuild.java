package dev.segno.camel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.camel.yaml.FoundRoute;
import dev.segno.camel.yaml.Placeholders;
import dev.segno.camel.yaml.RouteFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.RouteConfigurationsBuilder;
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

    private final CamelContext context;
    private final RunInterceptStrategy interceptor;
    private final RouteFile file;
    private final String version;
    private final Map<String, String> values;
    private final Part part;
    private final List<String> added = new ArrayList<>();

    RouteBuild(
            CamelContext context,
            RunInterceptStrategy interceptor,
            RouteFile file,
            String version,
            Map<String, String> values,
            Part part) {
        this.context = context;
        this.interceptor = interceptor;
        this.file = file;
        this.version = version;
        this.values = values;
        this.part = part;
    }

    /** Adds the routes; on failure none of them stays behind. */
    void run() throws Exception {
        JsonNode tree = RouteVersions.rewrite(file.tree().toJson(), this::pin);
        // JSON is YAML: what was checked as a tree is what Camel gets.
        Resource resource =
                ResourceHelper.fromString(file.name() + RouteVersions.AT + version + ".camel.yaml", Json.text(tree));
        Collection<RoutesBuilder> builders =
                PluginHelper.getRoutesLoader(context).findRoutesBuilders(resource);
        try {
            for (RoutesBuilder builder : builders) {
                if (builder instanceof RouteBuilder routes) {
                    routes.addLifecycleInterceptor(new Preparation());
                }
                if (builder instanceof RouteConfigurationsBuilder configurations) {
                    context.addRoutesConfigurations(configurations);
                }
            }
            for (RoutesBuilder builder : builders) {
                context.addRoutes(builder);
            }
        } catch (Exception e) {
            remove(e);
            throw e;
        }
    }

    private void remove(Exception cause) {
        for (String routeId : added) {
            try {
                context.getRouteController().stopRoute(routeId);
                context.removeRoute(routeId);
            } catch (Exception e) {
                cause.addSuppressed(e);
            }
            interceptor.dismiss(routeId);
        }
    }

    private String pin(String text) {
        String pinned = text;
        if (text.contains("{{")) {
            pinned = RouteVersions.aroundSecrets(text, part -> Placeholders.resolve(part, values::get));
        }
        if (pinned.contains("direct:")) {
            for (FoundRoute route : file.directRoutes()) {
                Pattern call = Pattern.compile("direct:" + Pattern.quote(route.name()) + "(?![A-Za-z0-9_.@-])");
                pinned = call.matcher(pinned)
                        .replaceAll(Matcher.quoteReplacement("direct:" + route.name() + RouteVersions.AT + version));
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
                if (ofRuns) {
                    if (isOrchestration(route) && uri(route).indexOf(RouteVersions.AT) < 0) {
                        route.getInput().setUri(withVersion(uri(route)));
                    }
                    interceptor.admit(route.getRouteId());
                    RouteModel.prepare(context, route);
                }
            }
        }
    }

    private void prepareIds(RouteDefinition route, Map<String, Integer> unnamed) {
        String id = route.getRouteId();
        if (id == null || id.indexOf(RouteVersions.AT) < 0) {
            int count = unnamed.merge("", 1, Integer::sum);
            String local = id == null ? file.name() + '-' + count : id;
            route.setId(local + RouteVersions.AT + version);
            route.setGroup(file.packageName() + '/' + file.name());
        }
        if (!added.contains(route.getRouteId())) {
            added.add(route.getRouteId());
        }
    }

    private String withVersion(String uri) {
        int query = uri.indexOf('?');
        return query < 0
                ? uri + RouteVersions.AT + version
                : uri.substring(0, query) + RouteVersions.AT + version + uri.substring(query);
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
}
