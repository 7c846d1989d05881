package dev.segno.camel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.camel.yaml.Placeholders;
import dev.segno.camel.yaml.RouteFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.support.PatternHelper;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * The route configurations of the context, by the file that they come from. They hold for all routes that name them, of
 * whatever version, and get into a route when it is built. Used by one thread at a time.
 */
final class SharedConfigurations {

    /** Stands for a configuration without an id, which holds for all routes. */
    private static final String ALL = "";

    private final DefaultCamelContext context;
    private final Map<String, List<RouteConfigurationDefinition>> byFile = new HashMap<>();

    SharedConfigurations(DefaultCamelContext context) {
        this.context = context;
    }

    /** What a file's configurations were before they were replaced. */
    record Before(String path, List<RouteConfigurationDefinition> definitions) {}

    /**
     * Puts a file's configurations in the place of those that it had before.
     *
     * @throws Exception when Camel does not take them; those from before hold then
     */
    Before replace(RouteFile file, Map<String, String> values) throws Exception {
        Before before = new Before(file.path(), byFile.getOrDefault(file.path(), List.of()));
        for (RouteConfigurationDefinition definition : before.definitions()) {
            context.removeRouteConfiguration(definition);
        }
        List<RouteConfigurationDefinition> others = List.copyOf(context.getRouteConfigurationDefinitions());
        try {
            JsonNode tree = RouteBuild.rewrite(
                    file.tree().toJson(),
                    text -> FileVersion.aroundSecrets(text, values, part -> Placeholders.resolve(part, values::get)));
            Collection<RoutesBuilder> builders = PluginHelper.getRoutesLoader(context)
                    .findRoutesBuilders(ResourceHelper.fromString(file.name() + ".camel.yaml", Json.text(tree)));
            for (RoutesBuilder builder : builders) {
                if (builder instanceof RouteConfigurationsBuilder configurations) {
                    context.addRoutesConfigurations(configurations);
                }
            }
        } catch (Exception e) {
            byFile.put(file.path(), addedTo(others));
            restore(before);
            throw e;
        }
        byFile.put(file.path(), addedTo(others));
        return before;
    }

    /** Puts the configurations of a file back. */
    void restore(Before before) throws Exception {
        for (RouteConfigurationDefinition definition : byFile.getOrDefault(before.path(), List.of())) {
            context.removeRouteConfiguration(definition);
        }
        context.addRouteConfigurations(before.definitions());
        byFile.put(before.path(), before.definitions());
    }

    /** The ids of a file's configurations, before and now. */
    Set<String> idsOf(Before before) {
        Set<String> ids = new HashSet<>();
        List<RouteConfigurationDefinition> all = new ArrayList<>(before.definitions());
        all.addAll(byFile.getOrDefault(before.path(), List.of()));
        all.forEach(definition -> ids.add(definition.getId() == null ? ALL : definition.getId()));
        return ids;
    }

    /** Whether one of a file's routes is under one of these configurations. */
    static boolean isUnder(RouteFile file, Set<String> ids) {
        return !ids.isEmpty()
                && (ids.contains(ALL)
                        || file.routes().stream().anyMatch(route -> {
                            String names = route.definition().text("routeConfigurationId");
                            return names != null
                                    && ids.stream().anyMatch(id -> {
                                        for (String name : names.split(",", -1)) {
                                            if (PatternHelper.matchPattern(id, name.trim())) {
                                                return true;
                                            }
                                        }
                                        return false;
                                    });
                        }));
    }

    private List<RouteConfigurationDefinition> addedTo(List<RouteConfigurationDefinition> others) {
        return context.getRouteConfigurationDefinitions().stream()
                .filter(definition -> others.stream().noneMatch(other -> other == definition))
                .toList();
    }
}
