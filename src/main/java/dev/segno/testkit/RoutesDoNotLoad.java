package dev.segno.testkit;

import dev.segno.camel.yaml.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** Route files that passed the checks, and could not be loaded with the settings of a case. */
final class RoutesDoNotLoad extends Exception {

    private static final long serialVersionUID = 1;

    RoutesDoNotLoad(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    }
}
