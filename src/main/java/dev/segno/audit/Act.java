package dev.segno.audit;

/**
 * What somebody wants to do.
 *
 * @param caller    name of the key that was shown, or {@code anonymous}
 * @param action    what kind of change, such as {@code route.put}
 * @param target    what it is to change, as the caller wrote it; what is longer than {@link #MAX_TARGET} is cut off
 * @param requestId id of the request, which the caller may have chosen
 */
public record Act(String caller, String action, String target, String requestId) {

    /** Characters of a target that are kept. */
    public static final int MAX_TARGET = 1000;

    public Act {
        target = target.length() > MAX_TARGET ? target.substring(0, MAX_TARGET) : target;
    }
}
