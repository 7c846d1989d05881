package dev.segno.camel;

import dev.segno.run.Verdict;

/**
 * Thrown by a route ({@code throwException}) to park its run at the step in which it stands, without another try: what is
 * wrong is for somebody to look at.
 */
public final class ParkedByRoute extends RuntimeException implements HasVerdict {
    private static final long serialVersionUID = 1L;

    /** What is wrong, and what to do about it. */
    public ParkedByRoute(String message) {
        super(message);
    }

    @Override
    public Verdict verdict() {
        return Verdict.NEVER;
    }
}
