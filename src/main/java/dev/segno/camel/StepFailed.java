package dev.segno.camel;

import org.jspecify.annotations.Nullable;

/**
 * A recorded failure whose own class cannot be made again from its message. The clause that took the failure takes this
 * one too.
 */
public final class StepFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String type;
    private final @Nullable String clause;

    StepFailed(String type, String message, @Nullable String clause) {
        super(message);
        this.type = type;
        this.clause = clause;
    }

    /** Class name of the failure that was recorded. */
    public String type() {
        return type;
    }

    /** Id of the clause that took it; null when it is not known. */
    public @Nullable String clause() {
        return clause;
    }
}
