package dev.segno.camel.yaml;

/** A text that is no YAML, or YAML beyond the {@link YamlLimits limits}. */
public final class UnreadableYaml extends Exception {

    private static final long serialVersionUID = 1;

    /** Not serialized with the exception: a problem is for the log, the API and the console of this process. */
    private final transient Problem problem;

    public UnreadableYaml(Problem problem) {
        super(problem.toString());
        this.problem = problem;
    }

    /** Where and why. */
    public Problem problem() {
        return problem;
    }
}
