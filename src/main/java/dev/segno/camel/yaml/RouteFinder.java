package dev.segno.camel.yaml;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Describes a parsed file. Tolerates any shape: what it does not recognise is left to the schema check. */
final class RouteFinder {

    static final String ROUTES_SUFFIX = ".camel.yaml";
    static final String KAMELET_SUFFIX = ".kamelet.yaml";

    private RouteFinder() {}

    static RouteFile describe(String path, String text, YamlTree tree) {
        boolean kamelet = path.endsWith(KAMELET_SUFFIX);
        List<FoundRoute> routes = new ArrayList<>();
        List<RouteFile.FoundConfiguration> configurations = new ArrayList<>();
        if (tree.root() instanceof YamlSequence list && !kamelet) {
            for (YamlNode item : list.items()) {
                if (item instanceof YamlMapping entry) {
                    describe(entry, routes, configurations);
                }
            }
        }
        return new RouteFile(
                path,
                packageOf(path),
                kamelet ? RouteFile.Kind.KAMELET : RouteFile.Kind.ROUTES,
                text,
                tree,
                routes,
                configurations,
                kamelet ? withoutParameters(tree.root()) : Placeholders.in(tree.root()));
    }

    private static void describe(
            YamlMapping entry, List<FoundRoute> routes, List<RouteFile.FoundConfiguration> configurations) {
        YamlMapping route = entry.mapping("route");
        YamlScalar routeKey = entry.key("route");
        if (route != null && routeKey != null) {
            YamlMapping consumer = route.mapping("from");
            if (consumer != null) {
                routes.add(route(route, consumer, routeKey));
            }
        }
        YamlMapping from = entry.mapping("from");
        YamlScalar fromKey = entry.key("from");
        if (from != null && fromKey != null) {
            routes.add(route(from, from, fromKey));
        }
        YamlMapping configuration = entry.mapping("routeConfiguration");
        YamlScalar configurationKey = entry.key("routeConfiguration");
        if (configuration != null && configurationKey != null) {
            configurations.add(
                    new RouteFile.FoundConfiguration(configuration.text("id"), configuration, configurationKey));
        }
    }

    static FoundRoute route(YamlMapping definition, YamlMapping from, YamlScalar at) {
        @Nullable String text = from.text("uri");
        CamelUri uri = CamelUri.of(text == null ? "" : text, from.mapping("parameters"));
        FoundRoute.Kind kind = switch (uri.scheme()) {
            case "orchestration" -> FoundRoute.Kind.ORCHESTRATION;
            case "direct" -> FoundRoute.Kind.DIRECT;
            default -> FoundRoute.Kind.TRIGGER;
        };
        return new FoundRoute(kind, definition.text("id"), uri, definition, from, at);
    }

    private static String packageOf(String path) {
        String[] parts = path.split("/", -1);
        return parts.length < 2 ? "" : parts[parts.length - 2];
    }

    /** A kamelet's {@code {{parameter}}} is filled in by its caller and is no setting. */
    private static List<Placeholder> withoutParameters(YamlNode root) {
        Set<String> parameters = new HashSet<>(Set.of("templateId", "routeId"));
        if (root.at("/spec/definition/properties") instanceof YamlMapping properties) {
            parameters.addAll(properties.keys());
        }
        YamlNode template = root.at("/spec/template");
        return template == null
                ? List.of()
                : Placeholders.in(template).stream()
                        .filter(found -> !found.isSetting() || !parameters.contains(found.name()))
                        .toList();
    }
}
