package dev.segno.run;

import java.util.EnumSet;
import java.util.Set;

/**
 * The states of a run and the table of changes between them.
 *
 * <p>Final states never change again; the store holds the same rule in a database trigger as the last defence.
 */
public enum RunState {
    /** Durable, and begins, or goes on, when a limit allows it. */
    QUEUED,
    /** Its route is being executed, or will be as soon as a node has recovered it. */
    RUNNING,
    /** Stands at an {@code await} and holds no thread. */
    WAITING,
    /** Dead letter: a step used up its tries. Can be retried, forked or given up. */
    PARKED,
    /** Replay met a journal that does not belong to the code. Nothing was executed. */
    BLOCKED,
    /** Compensations of a saga are being carried out. */
    COMPENSATING,
    COMPLETED,
    FAILED,
    CANCELLED,
    COMPENSATED;

    private static final Set<RunState> FINAL = EnumSet.of(COMPLETED, FAILED, CANCELLED, COMPENSATED);

    /** Whether this state never changes again. */
    public boolean isFinal() {
        return FINAL.contains(this);
    }

    /**
     * Whether a run in this state keeps others of its singleton orchestration from starting. Parked and blocked runs do
     * not: one failed sync must not block the next.
     */
    public boolean holdsSingleton() {
        return switch (this) {
            case QUEUED, RUNNING, WAITING, COMPENSATING -> true;
            case PARKED, BLOCKED, COMPLETED, FAILED, CANCELLED, COMPENSATED -> false;
        };
    }

    /** Whether a run found in this state at start-up has to go on by itself. */
    public boolean isResumable() {
        return this == RUNNING || this == COMPENSATING;
    }

    /** Whether the table allows a change from this state to {@code next}. */
    public boolean canBecome(RunState next) {
        return allowedNext().contains(next);
    }

    private Set<RunState> allowedNext() {
        return switch (this) {
            case QUEUED -> EnumSet.of(RUNNING, CANCELLED, FAILED);
            case RUNNING -> EnumSet.of(WAITING, COMPLETED, FAILED, CANCELLED, COMPENSATING, PARKED, BLOCKED);
            case WAITING -> EnumSet.of(RUNNING, QUEUED, CANCELLED, FAILED, COMPENSATING);
            case PARKED -> EnumSet.of(RUNNING, COMPENSATING, FAILED, CANCELLED);
            case BLOCKED -> EnumSet.of(RUNNING, COMPENSATING, FAILED, CANCELLED);
            case COMPENSATING -> EnumSet.of(COMPENSATED, PARKED, BLOCKED, FAILED);
            case COMPLETED, FAILED, CANCELLED, COMPENSATED -> EnumSet.noneOf(RunState.class);
        };
    }
}
