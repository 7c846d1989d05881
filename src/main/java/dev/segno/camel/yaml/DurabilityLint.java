package dev.segno.camel.yaml;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a file's runs can be replayed (docs/how-it-works.md): what would be lost, done twice or found changed
 * after a crash is refused at load, or warned of. This class judges the file as a whole: its routes, their names, who
 * calls whom, and what lies outside runs; {@link RunLint} judges what lies inside.
 */
final class DurabilityLint {

    /** Names become parts of step keys, of URIs and of idempotency keys. */
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    static final String NAME_ADVICE =
            "Use letters, digits, '-', '.' and '_', as in 'reserve-stock', and at most 100 characters";

    private final RouteFile file;
    private final Map<String, FoundRoute> direct = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private DurabilityLint(RouteFile file) {
        this.file = file;
        for (FoundRoute route : file.directRoutes()) {
            if (direct.putIfAbsent(route.name(), route) != null) {
                error(route.at(), "'direct:%s' is defined twice".formatted(route.name()), "Rename one of the two");
            }
        }
    }

    static List<Problem> check(RouteFile file) {
        DurabilityLint lint = new DurabilityLint(file);
        if (file.kind() == RouteFile.Kind.KAMELET) {
            lint.refuseSteps(
                    file.tree().root(),
                    "a kamelet holds no steps: it is shared by versions that are under way",
                    "Put the step around the call of the kamelet");
        } else {
            lint.names();
            lint.configurations();
            Set<String> inRuns = new RunLint(file, lint.direct, lint.problems).check();
            lint.directCalls();
            lint.outsideRuns(inRuns);
        }
        return lint.problems;
    }

    private void names() {
        boolean second = false;
        Set<String> ids = new HashSet<>();
        for (FoundRoute route : file.routes()) {
            YamlNode idNode = route.definition().get("id");
            if (route.id() != null && idNode != null) {
                if (!NAME.matcher(route.id()).matches()) {
                    error(idNode, "'%s' cannot be the id of a route".formatted(route.id()), NAME_ADVICE);
                }
                if (!ids.add(route.id())) {
                    error(idNode, "the route id '%s' stands twice".formatted(route.id()), "Rename one of the two");
                }
            }
            YamlNode uri = route.from().get("uri");
            if (route.kind() == FoundRoute.Kind.TRIGGER || uri == null) {
                continue;
            }
            if (!NAME.matcher(route.name()).matches()) {
                error(uri, "'%s' cannot be the name of %s".formatted(route.name(), nameOf(route.kind())), NAME_ADVICE);
            } else if (route.kind() == FoundRoute.Kind.ORCHESTRATION && second) {
                error(
                        uri,
                        "'orchestration:%s' is the second orchestration of this file".formatted(route.name()),
                        "Move it into a file of its own: a version is one file");
            } else {
                second |= route.kind() == FoundRoute.Kind.ORCHESTRATION;
            }
        }
    }

    private static String nameOf(FoundRoute.Kind kind) {
        return kind == FoundRoute.Kind.ORCHESTRATION ? "an orchestration" : "a direct: route";
    }

    private void configurations() {
        for (RouteFile.FoundConfiguration configuration : file.routeConfigurations()) {
            refuseSteps(
                    configuration.definition(),
                    "a route configuration holds no steps: it is shared by versions that are under way",
                    "Put the step into the orchestration");
        }
    }

    /** A version is one file, and its direct: routes are renamed with it: a call out of it would find none. */
    private void directCalls() {
        for (EndpointUse use : EndpointFinder.in(file.tree().root())) {
            if (use.role() == EndpointUse.Role.CONSUMER || !use.uri().scheme().equals("direct")) {
                continue;
            }
            String name = use.uri().name();
            if (!use.isFixed()) {
                error(
                        use.at(),
                        "the name behind 'direct:' is computed, so it cannot be told which route is meant",
                        "Write the names out, with a choice between them");
            } else if (!direct.containsKey(name)) {
                @Nullable String meant = Spelling.closest(name, direct.keySet());
                error(
                        use.at(),
                        "'direct:%s' is not defined in this file".formatted(name),
                        meant != null
                                ? "Did you mean 'direct:%s'?".formatted(meant)
                                : "Define it here, or call across files with 'orchestration:' or a kamelet");
            }
        }
    }

    /** Outside runs nothing is recorded, so a step there would be a promise that is not kept. */
    private void outsideRuns(Set<String> inRuns) {
        Set<String> holding = holdingSteps();
        // Of a route that no run reaches, the steps themselves are told.
        holding.retainAll(inRuns);
        for (FoundRoute route : file.routes()) {
            boolean outside = route.kind() == FoundRoute.Kind.TRIGGER
                    || (route.kind() == FoundRoute.Kind.DIRECT && !inRuns.contains(route.name()));
            if (outside) {
                refuseSteps(
                        route.from(),
                        "a step outside a run: no orchestration of this file reaches this route, so nothing is recorded",
                        "Move it into a route 'from: orchestration:NAME', which this one starts");
                callsFromOutside(route.from(), holding);
                awaits(route.from());
                new BetweenRunsLint(file, problems).check(route);
            }
        }
        if (file.tree().root() instanceof YamlSequence list) {
            for (YamlNode item : list.items()) {
                if (item instanceof YamlMapping entry) {
                    YamlNode rest = entry.get("rest");
                    if (rest != null) {
                        callsFromOutside(rest, holding);
                    }
                    if (file.orchestrations().isEmpty()) {
                        handlers(entry);
                    }
                    YamlNode template = entry.get("routeTemplate");
                    if (template != null) {
                        refuseSteps(template, "a template holds no steps", "Write the route itself");
                    }
                }
            }
        }
    }

    private void handlers(YamlMapping entry) {
        for (YamlMapping.Entry handler : entry.entries().values()) {
            String name = handler.key().text();
            if (name.startsWith("on") || name.startsWith("intercept")) {
                refuseSteps(
                        handler.value(),
                        "a step outside a run: this file has no orchestration, so nothing is recorded",
                        "Move it into the file of the orchestration");
            }
        }
    }

    private void awaits(YamlNode node) {
        BetweenStepsLint betweenSteps = new BetweenStepsLint(file.path(), problems);
        for (EndpointUse use : EndpointFinder.in(node)) {
            betweenSteps.checkOutsideRuns(use);
        }
    }

    private void callsFromOutside(YamlNode node, Set<String> holding) {
        for (EndpointUse use : EndpointFinder.in(node)) {
            FoundRoute called =
                    use.uri().scheme().equals("direct") ? direct.get(use.uri().name()) : null;
            if (called != null && use.role() != EndpointUse.Role.CONSUMER && holding.contains(called.name())) {
                error(
                        use.at(),
                        "'direct:%s' holds steps and is called from outside a run, where nothing is recorded"
                                .formatted(called.name()),
                        "Start the run with 'to: orchestration:NAME' instead");
            }
        }
    }

    /** The direct: routes that hold steps, or call others that do. */
    private Set<String> holdingSteps() {
        Map<String, List<String>> callers = new HashMap<>();
        Deque<String> open = new ArrayDeque<>();
        for (FoundRoute route : direct.values()) {
            for (EndpointUse use : EndpointFinder.in(route.from())) {
                if (use.uri().scheme().equals("direct")) {
                    callers.computeIfAbsent(use.uri().name(), ignored -> new ArrayList<>())
                            .add(route.name());
                }
            }
            if (!steps(route.from()).isEmpty()) {
                open.add(route.name());
            }
        }
        Set<String> holding = new HashSet<>();
        for (String name = open.poll(); name != null; name = open.poll()) {
            if (holding.add(name)) {
                open.addAll(callers.getOrDefault(name, List.of()));
            }
        }
        return holding;
    }

    private void refuseSteps(YamlNode node, String what, String advice) {
        for (YamlScalar step : steps(node)) {
            error(step, what, advice);
        }
    }

    /** The keys of all {@code step} EIPs in a node. */
    private static List<YamlScalar> steps(YamlNode node) {
        List<YamlScalar> found = new ArrayList<>();
        if (node instanceof YamlSequence sequence) {
            sequence.items().forEach(item -> found.addAll(steps(item)));
        } else if (node instanceof YamlMapping mapping) {
            mapping.entries().forEach((name, entry) -> {
                if (name.equals("steps") && entry.value() instanceof YamlSequence list) {
                    EipNode.in(list).stream()
                            .filter(eip -> eip.name().equals("step"))
                            .forEach(eip -> found.add(eip.key()));
                }
                if (!name.equals("parameters")) {
                    found.addAll(steps(entry.value()));
                }
            });
        }
        return found;
    }

    private void error(YamlNode at, String what, String advice) {
        problems.add(Problem.error(file.path(), at, what, advice));
    }
}
