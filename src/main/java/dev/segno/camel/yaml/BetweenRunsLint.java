package dev.segno.camel.yaml;

import java.util.List;

/** Warns where a route between runs keeps in memory what it collects. Not thread-safe. */
final class BetweenRunsLint {

    private static final String DURABLE = "segnoAggregation";

    private final RouteFile file;
    private final List<Problem> problems;

    /** @param problems to which it adds what it finds */
    BetweenRunsLint(RouteFile file, List<Problem> problems) {
        this.file = file;
        this.problems = problems;
    }

    /** Looks through a route that is no part of a run. */
    void check(FoundRoute route) {
        EipNode.in(route.steps()).forEach(this::check);
    }

    private void check(EipNode eip) {
        if (eip.name().equals("aggregate")) {
            String repository = eip.option("aggregationRepository");
            if (repository == null || !repository.endsWith(DURABLE)) {
                problems.add(Problem.warning(
                        file.path(),
                        eip.key(),
                        "'aggregate' collects in memory: what it has answered for is lost with the process",
                        "Add 'aggregationRepository: \"#" + DURABLE + "\"'"));
            }
        }
        eip.children().forEach(this::check);
    }
}
