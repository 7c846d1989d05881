package dev.segno.shopping;

import java.util.Locale;

/** Where the turn of a session stands. */
public enum Stage {
    INITIAL,
    MEDIA_PROCESSING,
    REQUIREMENT_BUILDING,
    /** A question is open. */
    CLARIFICATION,
    SEARCHING,
    RANKING,
    COMPLETED,
    FAILED,
    CANCELLED;

    /** Whether the turn has ended. */
    public boolean isOver() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }

    /** Whether nothing goes on until the user says something. */
    public boolean isAtRest() {
        return isOver() || this == CLARIFICATION;
    }

    /** The coarse word for it. */
    public String status() {
        return switch (this) {
            case INITIAL -> "pending";
            case COMPLETED -> "completed";
            case FAILED, CANCELLED -> "failed";
            default -> "processing";
        };
    }

    /** The word of the old interface. */
    public String workflowStage() {
        return name().toLowerCase(Locale.ROOT);
    }
}
