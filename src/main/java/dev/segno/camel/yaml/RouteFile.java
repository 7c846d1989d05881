package dev.segno.camel.yaml;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A route file: its text, its tree, and what was found in it. Immutable. Made by {@link RouteFileChecker}; says nothing
 * about whether the file may be loaded.
 *
 * @param path relative to the routes' directory, with slashes; {@code lib/NAME.jar!CLASS} or {@code classpath!CLASS} for the
 *     routes of a class
 * @param packageName the name of the folder that holds it, empty at the top
 * @param text what was read, without a byte order mark
 * @param routes in the file's order
 * @param routeConfigurations in the file's order
 * @param placeholders in the file's order, repeated as often as they occur; a kamelet's own parameters are not among
 *     them
 */
public record RouteFile(
        String path,
        String packageName,
        Kind kind,
        String text,
        YamlTree tree,
        List<FoundRoute> routes,
        List<FoundConfiguration> routeConfigurations,
        List<Placeholder> placeholders) {

    /** What a file holds, by its name. */
    public enum Kind {
        /** {@code *.camel.yaml}. */
        ROUTES,
        /** {@code *.kamelet.yaml}. */
        KAMELET
    }

    /**
     * A route configuration.
     *
     * @param id null for one that applies to all routes
     */
    public record FoundConfiguration(@Nullable String id, YamlMapping definition, YamlScalar at) {}

    public RouteFile {
        routes = List.copyOf(routes);
        routeConfigurations = List.copyOf(routeConfigurations);
        placeholders = List.copyOf(placeholders);
    }

    /** The routes that runs enter by. */
    public List<FoundRoute> orchestrations() {
        return ofKind(FoundRoute.Kind.ORCHESTRATION);
    }

    /** The routes that others of this file call. */
    public List<FoundRoute> directRoutes() {
        return ofKind(FoundRoute.Kind.DIRECT);
    }

    /** The routes that start runs, and all others that are no part of one. */
    public List<FoundRoute> triggers() {
        return ofKind(FoundRoute.Kind.TRIGGER);
    }

    /**
     * The file's name without its folders and without {@code .camel.yaml} or {@code .kamelet.yaml}; for routes of a class,
     * its name without its package.
     */
    public String name() {
        return nameOf(path);
    }

    static String nameOf(String path) {
        String file = path.substring(path.lastIndexOf('/') + 1);
        if (file.indexOf('!') >= 0) {
            return file.substring(Math.max(file.indexOf('!'), file.lastIndexOf('.')) + 1);
        }
        return file.replaceFirst("\\.(camel|kamelet)\\.yaml$", "");
    }

    /** The file's content without comments, layout and the order of its keys: what a version's hash is made of. */
    public String canonical() {
        return tree.canonical();
    }

    /**
     * Where the file names an endpoint.
     *
     * @param uri as Camel says it, with {@code ://} behind the component's name
     * @return empty where no address of the file is that for certain, as where it holds placeholders
     */
    public Optional<YamlNode> placeOf(String uri) {
        String address = uri.split("\\?", 2)[0];
        List<EndpointUse> uses = EndpointFinder.in(active()).stream()
                .filter(use ->
                        address.equals(use.uri().scheme() + "://" + use.uri().path()))
                .toList();
        return uses.stream()
                .filter(use -> use.uri().options().entrySet().stream()
                        .allMatch(option -> uri.contains(option.getKey() + '=' + option.getValue())))
                .findFirst()
                .or(() -> uses.stream().findFirst())
                .map(EndpointUse::at);
    }

    /** What of the file is ever run: of a kamelet its template, since its definition only describes parameters. */
    YamlNode active() {
        YamlNode template = kind == Kind.KAMELET ? tree.root().at("/spec/template") : null;
        return template == null ? tree.root() : template;
    }

    private List<FoundRoute> ofKind(FoundRoute.Kind wanted) {
        return routes.stream().filter(route -> route.kind() == wanted).toList();
    }
}
