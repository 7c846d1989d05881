package dev.segno.camel.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Names that are one per node: of orchestrations, kamelets, routes and route configurations. */
final class NameClashes {

    private NameClashes() {}

    /** The names that a file defines, although one of the others does. */
    static List<Problem> of(RouteFile file, List<RouteFile> others) {
        Map<String, String> owners = new HashMap<>();
        for (RouteFile other : others) {
            names(other, (what, at) -> owners.putIfAbsent(what, other.path()));
        }
        List<Problem> problems = new ArrayList<>();
        names(file, (what, at) -> {
            String owner = owners.get(what);
            if (owner != null && !owner.equals(file.path())) {
                problems.add(Problem.error(
                        file.path(),
                        at,
                        "%s is defined in %s already".formatted(what, owner),
                        "Rename one of the two"));
            }
        });
        return problems;
    }

    private static void names(RouteFile file, BiConsumer<String, YamlNode> name) {
        if (file.kind() == RouteFile.Kind.KAMELET) {
            name.accept("the kamelet '%s'".formatted(file.name()), file.tree().root());
        }
        for (FoundRoute route : file.routes()) {
            if (route.kind() == FoundRoute.Kind.ORCHESTRATION) {
                name.accept("'orchestration:%s'".formatted(route.name()), route.at());
            }
            if (route.id() != null) {
                name.accept("the route id '%s'".formatted(route.id()), route.at());
            }
        }
        for (RouteFile.FoundConfiguration configuration : file.routeConfigurations()) {
            if (configuration.id() != null) {
                name.accept("the route configuration '%s'".formatted(configuration.id()), configuration.at());
            }
        }
    }
}
