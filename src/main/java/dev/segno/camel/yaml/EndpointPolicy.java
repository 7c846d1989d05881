package dev.segno.camel.yaml;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The part of the policy that concerns endpoints and the resources that they load. */
final class EndpointPolicy {

    /** Components whose path names a resource to load; of {@code language}, behind the language's name. */
    private static final Set<String> LOADING = Set.of(
            "json-validator", "validator", "jslt", "jsonata", "xslt", "xj", "velocity", "freemarker", "mustache");

    /** Options by which a component reads or writes Java's serialized objects, in lower case and without hyphens. */
    private static final Set<String> SERIALIZING = Set.of(
            "transferexception",
            "transferexchange",
            "transferfault",
            "allowserializedheaders",
            "allowjavaserializedobject");

    /** Options of {@code jdbc}; its others make objects of classes that they name. */
    private static final Set<String> READING =
            Set.of("readSize", "allowNamedParameters", "useHeadersAsParameters", "outputType");

    private final RouteFile file;
    private final CheckSettings settings;
    private final Policy policy;

    EndpointPolicy(RouteFile file, CheckSettings settings) {
        this.file = file;
        this.settings = settings;
        this.policy = settings.policy();
    }

    List<Problem> check(EndpointUse use) {
        List<Problem> problems = new ArrayList<>();
        CamelUri uri = resolved(use.uri());
        String scheme = uri.scheme();
        if (scheme.isEmpty() || SimpleText.hasFunction(scheme)) {
            problems.add(error(
                    use.at(),
                    "the component of this address comes from the exchange, so the policy cannot see it",
                    "Write the component out, as in 'https:${variable.address}'"));
        } else if (scheme.contains("{{")) {
            problems.add(error(
                    use.at(),
                    "the component of '%s' is hidden behind a placeholder without a value".formatted(use.uri()),
                    "Write the component out, or set the value in config/app.yaml"));
        } else if (!policy.allowsComponent(scheme)) {
            problems.add(
                    error(use.at(), "the component '%s' is not allowed".formatted(scheme), componentAdvice(scheme)));
        } else {
            content(use, uri, problems);
        }
        return problems;
    }

    /** The folder rule for a text that names a resource: {@code file:}, {@code classpath:}, {@code http:}, … */
    List<Problem> resource(YamlScalar at, String text) {
        String resource = resolve(text);
        if (resource.contains("{{") || SimpleText.hasFunction(resource)) {
            return List.of(error(at, "'%s' loads from a place that is not written out".formatted(text), fileAdvice()));
        }
        if (resource.startsWith("file:")) {
            return allowedFile(resource.substring("file:".length()).replaceFirst("^//", ""))
                    ? List.of()
                    : List.of(error(at, "'%s' lies outside the routes' folder".formatted(text), fileAdvice()));
        }
        int colon = resource.indexOf(':');
        if (colon < 0 || resource.startsWith("classpath:")) {
            return List.of();
        }
        return List.of(error(
                at,
                "'%s' loads from '%s:'".formatted(text, resource.substring(0, colon)),
                "Load from 'classpath:' or from a file of the routes' folder"));
    }

    private void content(EndpointUse use, CamelUri uri, List<Problem> problems) {
        String scheme = uri.scheme();
        uri.options().forEach((name, value) -> serialization(use, name, value, problems));
        if (scheme.equals("file")) {
            file(use, uri, problems);
        }
        if (scheme.equals("jdbc")) {
            uri.options().keySet().stream()
                    .filter(option -> !READING.contains(option))
                    .forEach(option -> problems.add(error(
                            use.at(),
                            "jdbc: does not take the option '%s'".formatted(option),
                            "Use one of " + String.join(", ", new TreeSet<>(READING)))));
        }
        if (scheme.equals("language")) {
            String[] parts = uri.path().split(":", 2);
            if (!policy.languages().contains(parts[0])) {
                problems.add(error(
                        use.at(), "the language '%s' is not allowed".formatted(parts[0]), languageAdvice(policy)));
            }
            if (parts.length > 1 && parts[1].matches("(?s)(resource:)?(file|https?|ftp|classpath):.*")) {
                problems.addAll(resource(use.at(), parts[1].replaceFirst("^resource:", "")));
            }
        }
        if (LOADING.contains(scheme) && !uri.path().isEmpty()) {
            problems.addAll(resource(use.at(), uri.path()));
        }
        String resource = uri.option("resourceUri");
        if (resource != null) {
            problems.addAll(resource(use.at(), resource));
        }
        if (use.role() == EndpointUse.Role.DYNAMIC && SimpleText.hasFunction(uri.path()) && scheme.equals("kamelet")) {
            problems.add(error(
                    use.at(), "the kamelet's name comes from the exchange", "Write it out, with a choice if need be"));
        }
    }

    private void serialization(EndpointUse use, String name, String value, List<Problem> problems) {
        if (SERIALIZING.contains(name.replace("-", "").toLowerCase(Locale.ROOT)) && !value.equals("false")) {
            problems.add(error(
                    use.at(), "'%s' lets serialized objects of Java in".formatted(name), "Remove it, and send JSON"));
        }
    }

    private void file(EndpointUse use, CamelUri uri, List<Problem> problems) {
        boolean outside = !allowedFile(uri.path());
        boolean unjailed = "false".equals(uri.option("jailStartingDirectory"));
        boolean wanders = uri.options().entrySet().stream().anyMatch(EndpointPolicy::leavesFolder);
        if (outside || unjailed || wanders) {
            problems.add(error(use.at(), "'%s' may leave the routes' folder".formatted(use.uri()), fileAdvice()));
        }
    }

    private static boolean leavesFolder(Map.Entry<String, String> option) {
        String value = decoded(option.getValue());
        boolean placed = Set.of(
                        "move", "preMove", "moveFailed", "doneFileName", "tempPrefix", "tempFileName", "fileName")
                .contains(option.getKey());
        return value.contains("..") || (placed && (value.startsWith("/") || value.contains("{")));
    }

    private boolean allowedFile(String path) {
        String name = decoded(path);
        if (name.contains("{") || name.contains("\\") || name.indexOf('\0') >= 0) {
            return false;
        }
        boolean climbs = List.of(name.split("/", -1)).contains("..");
        String plain = name.replaceFirst("^(\\./)+", "").replaceAll("/+", "/");
        return !climbs
                && policy.folders().stream().anyMatch(folder -> plain.equals(folder) || plain.startsWith(folder + "/"));
    }

    /** Both the text and its decoded form count: Camel decodes some URIs. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /**
     * A text with its placeholders resolved. Not in kamelets: there any placeholder may be a parameter, and what a
     * caller will pass cannot be seen.
     */
    String resolve(String text) {
        return file.kind() == RouteFile.Kind.KAMELET || !text.contains("{{")
                ? text
                : Placeholders.resolve(text, settings.settings()::get);
    }

    private CamelUri resolved(CamelUri uri) {
        if (!uri.text().contains("{{")) {
            return uri;
        }
        CamelUri resolved = CamelUri.of(resolve(uri.text()));
        Map<String, String> options = new LinkedHashMap<>(resolved.options());
        uri.options().forEach((name, value) -> options.put(name, resolve(value)));
        return new CamelUri(uri.text(), resolved.scheme(), resolved.path(), options);
    }

    private String componentAdvice(String scheme) {
        if (policy.testComponents().contains(scheme)) {
            return "It is for tests only";
        }
        String meant = Spelling.closest(scheme, policy.components());
        return meant != null ? "Did you mean '%s'?".formatted(meant) : "Call a service instead, with kamelet:call";
    }

    private String fileAdvice() {
        return "Name a file below one of: " + String.join(", ", new TreeSet<>(policy.folders()));
    }

    static String languageAdvice(Policy policy) {
        return "Use one of " + String.join(", ", new TreeSet<>(policy.languages()));
    }

    private Problem error(YamlNode at, String what, String advice) {
        return Problem.error(file.path(), at, what, advice);
    }
}
