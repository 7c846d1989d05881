package dev.segno.camel;

import dev.segno.camel.yaml.CheckSettings;
import dev.segno.camel.yaml.CheckedRouteFile;
import dev.segno.camel.yaml.RouteFile;
import dev.segno.camel.yaml.RouteFileChecker;
import dev.segno.run.Definition;
import dev.segno.run.Orchestration;
import dev.segno.run.Orchestrations;
import dev.segno.run.RunConflict;
import dev.segno.run.RunStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of orchestrations that are loaded, side by side: the current one of each, which new runs take, and the
 * older ones that runs under way are pinned to. An older one is taken out of the context when no run passes through it,
 * and is built again from its kept source when a run needs it.
 *
 * <p>Thread-safe; versions are built and taken out one at a time.
 */
public final class RouteVersions implements Orchestrations {
    private static final Logger LOG = LoggerFactory.getLogger(RouteVersions.class);

    /** Divides a name and its version. */
    static final char AT = '@';

    /** Divides a version and the number of its build, from the second one on. */
    private static final char BUILD = '-';

    private final CamelContext context;
    private final RunStore store;
    private final CheckSettings checks;
    private final RunInterceptStrategy interceptor;
    private final BetweenRoutes betweenRuns;
    private final Map<String, List<OrchestrationConsumer>> entries = new ConcurrentHashMap<>();
    private final Map<String, String> current = new ConcurrentHashMap<>();
    private final DisabledOrchestrations disabled = new DisabledOrchestrations();
    private final Map<String, Integer> builds = new HashMap<>();
    private final List<Build> old = new ArrayList<>();

    /** Old builds that were there at the sweep before: who found them as current has entered them by now. */
    private List<BuiltRoutes> rested = List.of();

    /** One build of a version: its file, and its routes in the context. */
    record Build(RouteFile file, FileVersion version, RouteBuild.Part part, BuiltRoutes routes) {

        /** The orchestration's name, if the file has one. */
        Optional<String> orchestration() {
            return file.orchestrations().stream().findFirst().map(route -> route.name());
        }
    }

    RouteVersions(
            CamelContext context,
            RunStore store,
            CheckSettings checks,
            RunInterceptStrategy interceptor,
            BetweenRoutes betweenRuns) {
        this.context = context;
        this.store = store;
        this.checks = checks;
        this.interceptor = interceptor;
        this.betweenRuns = betweenRuns;
    }

    /** The version in a name's tag, which may also number the build. */
    static String versionOf(String tag) {
        int build = tag.indexOf(BUILD);
        return build < 0 ? tag : tag.substring(0, build);
    }

    @Override
    public Optional<Orchestration> current(String name) {
        String version = current.get(name);
        if (version != null && disabled.contains(name)) {
            throw new RunConflict("Orchestration '" + name + "' is disabled and takes no new runs; enable it with POST"
                    + " /api/orchestrations/" + name + "/enable");
        }
        return version == null ? Optional.empty() : Optional.ofNullable(entry(name, version));
    }

    /** Names of the orchestrations that take no new runs. */
    DisabledOrchestrations disabled() {
        return disabled;
    }

    /** Names of the orchestrations that new runs can be started of. */
    public Set<String> names() {
        return Set.copyOf(current.keySet());
    }

    /** The version that new runs take. */
    public Optional<String> currentVersion(String name) {
        return Optional.ofNullable(current.get(name));
    }

    /** The versions of an orchestration that are loaded now, the current one among them. */
    public Set<String> loadedVersions(String name) {
        return entries.keySet().stream()
                .filter(key -> key.startsWith(name + AT))
                .map(key -> key.substring(name.length() + 1))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Orchestration version(String name, String version) throws UnknownVersion {
        Orchestration loaded = entry(name, version);
        return loaded != null ? loaded : rebuild(name, version);
    }

    /** The newest build of a version. */
    private @Nullable OrchestrationConsumer entry(String name, String version) {
        List<OrchestrationConsumer> all = entries.getOrDefault(name + AT + version, List.of());
        for (int i = all.size() - 1; i >= 0; i--) {
            if (!all.get(i).isRetired()) {
                return all.get(i);
            }
        }
        return null;
    }

    /**
     * Adds the routes of a version beside all others; its triggers stand still.
     *
     * @throws Exception when Camel cannot build them; nothing of them stays behind then
     */
    synchronized Build build(RouteFile file, FileVersion version, RouteBuild.Part part) throws Exception {
        int number = builds.merge(file.path() + AT + version.hash(), 1, Integer::sum);
        String tag = number == 1 ? version.hash() : version.hash() + BUILD + number;
        BuiltRoutes routes = new RouteBuild(context, interceptor, betweenRuns, file, tag, version.values(), part).run();
        return new Build(file, version, part, routes);
    }

    /** Lets new runs take this version. Returns the one before. */
    @Nullable
    String makeCurrent(String name, String version) {
        return current.put(name, version);
    }

    /** Lets new runs take this version again, or none. */
    void restoreCurrent(String name, @Nullable String version) {
        if (version == null) {
            current.remove(name);
        } else {
            current.put(name, version);
        }
    }

    /** A build that is needed only as long as something passes through it. */
    synchronized void retire(Build build) {
        old.add(build);
    }

    /** Builds that are not current any more, as long as something passes through them. */
    synchronized List<Build> old() {
        return List.copyOf(old);
    }

    /** Takes old builds out that nothing passes through, and that were old at the sweep before. Returns how many. */
    synchronized int sweep() {
        List<Build> idle = old.stream()
                .filter(build ->
                        rested.contains(build.routes()) && build.routes().retire())
                .toList();
        for (Build build : idle) {
            build.routes().remove();
            old.remove(build);
            LOG.info(
                    "An old version of {} is no longer in use and was taken out ({})",
                    build.file().path(),
                    build.version().hash());
        }
        rested = old.stream().map(Build::routes).toList();
        return idle.size();
    }

    private synchronized Orchestration rebuild(String name, String version) throws UnknownVersion {
        Orchestration loaded = entry(name, version);
        if (loaded != null) {
            return loaded;
        }
        Definition definition = store.findDefinition(name, version)
                .orElseThrow(() -> new UnknownVersion("The source of version " + version + " of '" + name
                        + "' is not in the store, so its runs cannot go on"));
        CheckedRouteFile checked = RouteFileChecker.checkKept(definition.path(), definition.source(), checks);
        RouteFile file = checked.file();
        if (file == null || !checked.loadable()) {
            throw new UnknownVersion(
                    "Version " + version + " of '" + name + "' no longer passes the checks: " + checked.errors());
        }
        try {
            Map<String, String> values = Json.readObject(definition.settings()).entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, entry -> String.valueOf(entry.getValue())));
            old.add(build(file, new FileVersion(version, values), RouteBuild.Part.RUNS));
        } catch (Exception e) {
            throw new UnknownVersion("Version " + version + " of '" + name + "' cannot be built: " + e.getMessage(), e);
        }
        Orchestration built = entry(name, version);
        if (built == null) {
            throw new UnknownVersion("Version " + version + " of '" + name + "' was built but did not start");
        }
        LOG.info("Version {} of {} was built again for runs that are pinned to it", version, name);
        return built;
    }

    void started(OrchestrationConsumer entry) {
        entries.merge(
                entry.name() + AT + entry.version(),
                List.of(entry),
                (before, added) ->
                        Stream.concat(before.stream(), added.stream()).toList());
    }

    void stopped(OrchestrationConsumer entry) {
        entries.computeIfPresent(entry.name() + AT + entry.version(), (key, all) -> {
            List<OrchestrationConsumer> rest =
                    all.stream().filter(other -> other != entry).toList();
            return rest.isEmpty() ? null : rest;
        });
    }

    StepPolicies policiesOf(String routeId) {
        return interceptor.policiesOf(routeId);
    }
}
