package dev.segno.camel.yaml;

import org.jspecify.annotations.Nullable;

/**
 * Where an EIP stands in a run.
 *
 * @param insideStep   in a step
 * @param holdsNoSteps name of an EIP around it that may hold no steps; {@code null} if there is none
 * @param parallel     in a branch that is under way beside others
 * @param insideSaga   in a saga
 */
record Situation(boolean insideStep, @Nullable String holdsNoSteps, boolean parallel, boolean insideSaga) {

    static final Situation TOP = new Situation(false, null, false, false);
}
