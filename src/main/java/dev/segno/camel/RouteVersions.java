package dev.segno.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.segno.camel.yaml.CheckSettings;
import dev.segno.camel.yaml.CheckedRouteFile;
import dev.segno.camel.yaml.FoundRoute;
import dev.segno.camel.yaml.Placeholder;
import dev.segno.camel.yaml.RouteFile;
import dev.segno.camel.yaml.RouteFileChecker;
import dev.segno.run.Definition;
import dev.segno.run.Orchestration;
import dev.segno.run.Orchestrations;
import dev.segno.run.RunStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of orchestrations that are loaded, side by side: the current one of each, which new runs take, and the
 * older ones that runs under way are pinned to, built again from their kept sources when they are needed.
 *
 * <p>Thread-safe; versions are built one at a time.
 */
public final class RouteVersions implements Orchestrations {
    private static final Logger LOG = LoggerFactory.getLogger(RouteVersions.class);

    /** Divides a name and its version. */
    static final char AT = '@';

    private static final int HASH_BYTES = 8;

    /** Settings that are secret go into a version by their names only, and are resolved anew by each process. */
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(password|passwd|secret|token|key|credential|auth|dsn|private).*");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??([A-Za-z0-9_.-]+)((?::[^{}]*)?}})?");

    private final CamelContext context;
    private final RunStore store;
    private final Clock clock;
    private final CheckSettings checks;
    private final Function<String, Optional<String>> settings;
    private final RunInterceptStrategy interceptor;
    private final Map<String, Orchestration> started = new ConcurrentHashMap<>();
    private final Map<String, String> current = new ConcurrentHashMap<>();

    RouteVersions(
            CamelContext context,
            RunStore store,
            Clock clock,
            CheckSettings checks,
            Function<String, Optional<String>> settings,
            RunInterceptStrategy interceptor) {
        this.context = context;
        this.store = store;
        this.clock = clock;
        this.checks = checks;
        this.settings = settings;
        this.interceptor = interceptor;
    }

    @Override
    public Optional<Orchestration> current(String name) {
        String version = current.get(name);
        return version == null ? Optional.empty() : Optional.ofNullable(started.get(name + AT + version));
    }

    /** Names of the orchestrations that new runs can be started of. */
    public Set<String> names() {
        return Set.copyOf(current.keySet());
    }

    @Override
    public Orchestration version(String name, String version) throws UnknownVersion {
        Orchestration loaded = started.get(name + AT + version);
        return loaded != null ? loaded : rebuild(name, version);
    }

    /**
     * Loads a file that was checked and makes its orchestration the current version. A file without an orchestration
     * (triggers, views) is loaded as it is.
     *
     * @throws Exception when Camel cannot build its routes; nothing of the file stays behind then
     */
    public synchronized void load(RouteFile file) throws Exception {
        Map<String, String> values = resolve(file);
        Optional<FoundRoute> orchestration = file.orchestrations().stream().findFirst();
        if (orchestration.isEmpty()) {
            new RouteBuild(context, interceptor, file, fileVersion(file), values, RouteBuild.Part.ALL).run();
            return;
        }
        String name = orchestration.get().name();
        String version = hash(file, values);
        new RouteBuild(context, interceptor, file, version, values, RouteBuild.Part.ALL).run();
        store.saveDefinition(
                        new Definition(name, version, file.path(), file.text(), Json.text(values), clock.instant()))
                .join();
        String before = current.put(name, version);
        if (!version.equals(before)) {
            LOG.info("Orchestration {} is at version {} ({})", name, version, file.path());
        }
    }

    private synchronized Orchestration rebuild(String name, String version) throws UnknownVersion {
        Orchestration loaded = started.get(name + AT + version);
        if (loaded != null) {
            return loaded;
        }
        Definition definition = store.findDefinition(name, version)
                .orElseThrow(() -> new UnknownVersion("The source of version " + version + " of '" + name
                        + "' is not in the store, so its runs cannot go on"));
        CheckedRouteFile checked = RouteFileChecker.check(definition.path(), definition.source(), checks);
        RouteFile file = checked.file();
        if (file == null || !checked.loadable()) {
            throw new UnknownVersion(
                    "Version " + version + " of '" + name + "' no longer passes the checks: " + checked.errors());
        }
        try {
            Map<String, String> values = Json.readObject(definition.settings()).entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, entry -> String.valueOf(entry.getValue())));
            new RouteBuild(context, interceptor, file, version, values, RouteBuild.Part.RUNS).run();
        } catch (Exception e) {
            throw new UnknownVersion("Version " + version + " of '" + name + "' cannot be built: " + e.getMessage(), e);
        }
        Orchestration built = started.get(name + AT + version);
        if (built == null) {
            throw new UnknownVersion("Version " + version + " of '" + name + "' was built but did not start");
        }
        LOG.info("Version {} of {} was built again for runs that are pinned to it", version, name);
        return built;
    }

    void started(Orchestration orchestration) {
        started.put(orchestration.name() + AT + orchestration.version(), orchestration);
    }

    void stopped(Orchestration orchestration) {
        started.remove(orchestration.name() + AT + orchestration.version(), orchestration);
    }

    StepPolicies policiesOf(String routeId) {
        return interceptor.policiesOf(routeId);
    }

    /** The values that a file's placeholders resolve to; secrets are left out, and so is what has no value yet. */
    private Map<String, String> resolve(RouteFile file) {
        Map<String, String> values = new TreeMap<>();
        for (Placeholder placeholder : file.placeholders()) {
            if (placeholder.isSetting() && !SECRET.matcher(placeholder.name()).matches()) {
                settings.apply(placeholder.name())
                        .or(() -> Optional.ofNullable(placeholder.defaultValue()))
                        .ifPresent(value -> values.put(placeholder.name(), value));
            }
        }
        return values;
    }

    /**
     * Changes a text but for the placeholders of secret settings: they are left to Camel, which resolves them when the
     * route is built. A text in which one of them holds another placeholder is left as it is.
     */
    static String aroundSecrets(String text, UnaryOperator<String> change) {
        StringBuilder changed = new StringBuilder();
        int from = 0;
        for (Matcher found = PLACEHOLDER.matcher(text); found.find(); ) {
            if (SECRET.matcher(found.group(1)).matches()) {
                if (found.group(2) == null) {
                    return text;
                }
                changed.append(change.apply(text.substring(from, found.start())))
                        .append(found.group());
                from = found.end();
            }
        }
        return changed.append(change.apply(text.substring(from))).toString();
    }

    private static String hash(RouteFile file, Map<String, String> values) {
        return hash(List.of(file.canonical(), Json.text(values)));
    }

    /** Files without an orchestration need ids that differ from those of other files, not from their own earlier ones. */
    private static String fileVersion(RouteFile file) {
        return hash(List.of(file.path()));
    }

    private static String hash(List<String> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /** The tree with every text in it replaced by what {@code change} makes of it. */
    static JsonNode rewrite(JsonNode node, Function<String, String> change) {
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
