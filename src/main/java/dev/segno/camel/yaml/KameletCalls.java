package dev.segno.camel.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The calls of kamelets in a file, held against the kamelets' own files. Camel hands any option to a kamelet, which leaves
 * aside what it does not know.
 */
final class KameletCalls {

    /** The two ends of a kamelet's own template. */
    private static final Set<String> ENDS = Set.of("source", "sink");

    private static final Pattern COMPUTED = Pattern.compile("\\{[^{}]*}");

    private final RouteFile file;
    private final Map<String, RouteFile> kamelets = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private KameletCalls(RouteFile file, List<RouteFile> others) {
        this.file = file;
        Stream.concat(Stream.of(file), others.stream())
                .filter(other -> other.kind() == RouteFile.Kind.KAMELET)
                .forEach(kamelet -> kamelets.put(kamelet.name(), kamelet));
    }

    /** What is wrong with the calls that a file makes of kamelets among the others: options that are unknown or missing. */
    static List<Problem> of(RouteFile file, List<RouteFile> others) {
        KameletCalls calls = new KameletCalls(file, others);
        EndpointFinder.in(file.active()).stream()
                .filter(use -> use.uri().scheme().equals("kamelet"))
                .forEach(calls::check);
        return calls.problems;
    }

    /** The kamelets that a file calls, as far as their names are written out. */
    static List<String> namesIn(RouteFile file) {
        return EndpointFinder.in(file.active()).stream()
                .filter(use -> use.uri().scheme().equals("kamelet"))
                .map(KameletCalls::nameOf)
                .toList();
    }

    private static String nameOf(EndpointUse use) {
        return use.uri().path().split("/", 2)[0];
    }

    private void check(EndpointUse use) {
        String name = nameOf(use);
        if (name.isEmpty() || name.indexOf('{') >= 0 || ENDS.contains(name)) {
            return;
        }
        RouteFile kamelet = kamelets.get(name);
        if (kamelet == null) {
            String meant = Spelling.closest(name, kamelets.keySet());
            error(
                    use.at(),
                    "there is no kamelet '%s'".formatted(name),
                    meant == null
                            ? "Its file would be kamelets/%s.kamelet.yaml".formatted(name)
                            : "Did you mean '%s'?".formatted(meant));
            return;
        }
        YamlMapping definition = mapping(kamelet.tree().root().at("/spec/definition"));
        YamlMapping properties = definition == null ? null : definition.mapping("properties");
        Set<String> known = properties == null ? Set.of() : properties.keys();
        String target = use.uri().option("path");
        if (target != null && literal(target).contains("?") && known.contains("query")) {
            error(
                    use.at(),
                    "the path '%s' holds a query, which would end at its first &".formatted(target),
                    "Write it as query: limit=5, id={id}");
            return;
        }
        if (use.uri().optionsAreComputed()) {
            return;
        }
        use.optionNames().forEach((option, at) -> {
            if (!known.contains(option)) {
                error(at, "'kamelet:%s' has no option '%s'".formatted(name, option), OwnOptions.advice(option, known));
            }
        });
        YamlSequence required = definition == null ? null : definition.sequence("required");
        for (YamlNode item : required == null ? List.<YamlNode>of() : required.items()) {
            if (item instanceof YamlScalar option
                    && !use.optionNames().containsKey(option.text())
                    && !hasDefault(properties, option.text())) {
                error(
                        use.at(),
                        "'kamelet:%s' needs the option '%s'".formatted(name, option.text()),
                        "Add it: %s says what it means".formatted(kamelet.path()));
            }
        }
    }

    /** A text without what is computed in it: placeholders, functions, and what they are made of. */
    private static String literal(String text) {
        String rest = text;
        String before;
        do {
            before = rest;
            rest = COMPUTED.matcher(rest).replaceAll("");
        } while (!rest.equals(before));
        return rest;
    }

    private static boolean hasDefault(@Nullable YamlMapping properties, String option) {
        YamlMapping described = properties == null ? null : properties.mapping(option);
        return described != null && described.has("default");
    }

    private static @Nullable YamlMapping mapping(@Nullable YamlNode node) {
        return node instanceof YamlMapping mapping ? mapping : null;
    }

    private void error(YamlNode at, String what, String advice) {
        problems.add(Problem.error(file.path(), at, what, advice));
    }
}
