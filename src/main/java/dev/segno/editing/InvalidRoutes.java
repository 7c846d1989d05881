package dev.segno.editing;

import dev.segno.camel.yaml.Problem;
import java.util.List;

/** A text does not become a route file, because of what is wrong with it. */
public final class InvalidRoutes extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    InvalidRoutes(List<Problem> problems) {
        super(problems.stream()
                .filter(Problem::isError)
                .findFirst()
                .map(Problem::toString)
                .orElse("no error"));
        this.problems = List.copyOf(problems);
    }

    /** Errors and warnings, by their places. */
    public List<Problem> problems() {
        return problems;
    }
}
