package dev.segno.camel.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks that components know the options that they are given: Camel says so too, but where a route is built, and there no
 * line is known any more. The options of kamelets stand in other files: {@link KameletCalls}.
 */
final class OptionCheck {

    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9-]*");

    private final RouteFile file;
    private final List<Problem> problems = new ArrayList<>();

    private OptionCheck(RouteFile file) {
        this.file = file;
    }

    static List<Problem> check(RouteFile file) {
        OptionCheck check = new OptionCheck(file);
        EndpointFinder.in(file.active()).forEach(check::options);
        return check.problems;
    }

    private void options(EndpointUse use) {
        String scheme = use.uri().scheme();
        String path = use.uri().path();
        if (use.optionNames().isEmpty() || !SCHEME.matcher(scheme).matches()) {
            return;
        }
        boolean from = use.role() == EndpointUse.Role.CONSUMER;
        Optional<Set<String>> own = OwnOptions.of(from, scheme, path);
        if (own.isPresent()) {
            use.optionNames().forEach((name, at) -> own(use, name, at, own.get()));
            return;
        }
        CamelOptions.of(scheme)
                .ifPresent(known -> use.optionNames().forEach((name, at) -> {
                    if (!known.contain(name) && !isComputed(name)) {
                        error(at, scheme + ':', name, OwnOptions.advice(name, known.names()));
                    }
                }));
    }

    private void own(EndpointUse use, String name, YamlScalar at, Set<String> known) {
        String scheme = use.uri().scheme();
        boolean from = use.role() == EndpointUse.Role.CONSUMER;
        boolean nameBeside = name.equals("name") && use.uri().path().isEmpty();
        if (known.contains(name)
                || CamelOptions.isOfEach(name)
                || nameBeside
                || isComputed(name)
                || isComputed(use.uri().path())) {
            return;
        }
        boolean elsewhere = OwnOptions.belongsElsewhere(from, scheme, name);
        error(
                at,
                (elsewhere ? (from ? "from: " : "to: ") : "")
                        + scheme
                        + ':'
                        + use.uri().path(),
                name,
                elsewhere
                        ? "It belongs to '%s: %s:…'".formatted(from ? "to" : "from", scheme)
                        : OwnOptions.advice(name, known));
    }

    private static boolean isComputed(String text) {
        return text.indexOf('{') >= 0;
    }

    private void error(YamlScalar at, String whose, String name, String advice) {
        problems.add(Problem.error(file.path(), at, "'%s' has no option '%s'".formatted(whose, name), advice));
    }
}
