package dev.segno.crash;

import dev.segno.run.RunState;
import java.util.Optional;

/**
 * What a client asked of a run and was told, with the time of both.
 *
 * @param kind what was asked
 * @param run the run, as answered by a start or given by the client
 * @param id the start's key or the signal's id; empty for others
 * @param answer what came of it
 * @param state what the answer showed the run to be, if it did
 * @param askedAt before the request was sent, by {@link System#nanoTime}
 * @param toldAt after the answer had come
 */
record Operation(Kind kind, String run, String id, Answer answer, Optional<RunState> state, long askedAt, long toldAt) {

    enum Kind {
        START,
        SIGNAL,
        CANCEL,
        READ
    }

    enum Answer {
        /** A start or read that worked, a cancel that is done. */
        OK,
        /** A cancel that is yet to be done. */
        ACCEPTED,
        /** A signal that ended a wait. */
        DELIVERED,
        /** A signal that was kept for a later wait. */
        KEPT,
        /** A signal whose id had come before. */
        DUPLICATE,
        /** A signal or cancel that came after the end. */
        TOO_LATE,
        /** A cancel that found the run in the middle of a change, or being undone. */
        REFUSED
    }

    /** Whether this was over before another began. */
    boolean isBefore(Operation other) {
        return toldAt < other.askedAt;
    }

    /** Whether a signal was taken in by this operation or one before. */
    boolean isAcknowledgedSignal() {
        return kind == Kind.SIGNAL && answer != Answer.TOO_LATE;
    }
}
