package dev.segno.run;

/** No orchestration of that name is loaded. */
public final class UnknownOrchestration extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnknownOrchestration(String name) {
        super("There is no orchestration named '" + name + "'");
    }
}
