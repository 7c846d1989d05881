package dev.segno.camel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A recorded failure, made again at replay. Stands alone where the class of the failure cannot be made from its message,
 * otherwise as the cause of one of that class; the clauses that took the failure take it again ({@link FailureClauses}).
 */
public final class StepFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String type;
    private final List<String> clauses;

    StepFailed(String type, String message, @Nullable String clauses) {
        super(message);
        this.type = type;
        this.clauses = clauses == null ? List.of() : List.of(clauses.split(","));
    }

    /** Class name of the failure that was recorded. */
    public String type() {
        return type;
    }

    /** Whether a clause took the failure. */
    boolean isOf(String clause) {
        return clauses.contains(clause);
    }

    /** Whether it became history before any clause was asked: the saga around it was undone first. */
    boolean isUndecided() {
        return clauses.isEmpty();
    }

    /** Whether the failure that was recorded is of one of these classes, or of one below them. */
    boolean isAny(List<String> classes) {
        for (Class<?> known = typeOrNull(); known != null; known = known.getSuperclass()) {
            if (classes.contains(known.getName())) {
                return true;
            }
        }
        return classes.contains(type);
    }

    private @Nullable Class<?> typeOrNull() {
        try {
            return Class.forName(type, false, StepFailed.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            // Of a class that is gone: as an exception of which nothing else is known.
            return RuntimeException.class;
        }
    }

    /** The replayed failure among {@code failure} and its causes; null if there is none. */
    static @Nullable StepFailed in(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StepFailed replayed) {
                return replayed;
            }
        }
        return null;
    }
}
