package dev.segno.run;

/**
 * One entry into a step.
 *
 * @param key             its address
 * @param sequentialScope scope of the innermost branch around it whose siblings run at the same time, or go on when it
 *                        fails: whatever is recorded inside must have been visited before a new step may begin there
 * @param scope           scope in which it stands
 * @param insideStep      whether another step is around it
 * @param last            whether no step can follow it in the run, so that its record may be written with the run's end
 */
public record StepCall(StepKey key, String sequentialScope, String scope, boolean insideStep, boolean last) {}
