package dev.segno.run;

/**
 * The address of one occurrence of a step in a run, such as {@code schedule}, {@code chunks[3]/schedule} or
 * {@code forecast/call}. Structural: made of ids and positions in the file and of container indexes from zero, never of
 * generated ids or time, so that a replay arrives at the same key.
 *
 * @param path the segments, joined by {@code /}; never empty
 */
public record StepKey(String path) implements Comparable<StepKey> {

    public StepKey {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("A step key needs at least one segment");
        }
    }

    /** The key of {@code stepId} inside {@code scope}; the empty scope is the route itself. */
    public static StepKey in(String scope, String stepId) {
        return new StepKey(scope.isEmpty() ? stepId : scope + '/' + stepId);
    }

    /** Whether this step stands inside {@code scope}; every step stands inside the empty scope. */
    public boolean isWithin(String scope) {
        return scope.isEmpty()
                || (path.length() > scope.length() && path.charAt(scope.length()) == '/' && path.startsWith(scope));
    }

    /** The last segment: the id that the step has in its file. */
    public String stepId() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public int compareTo(StepKey other) {
        return path.compareTo(other.path);
    }

    @Override
    public String toString() {
        return path;
    }
}
