package dev.segno.audit;

import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to do.
 *
 * @param caller    name of the key that was shown, or {@code anonymous}
 * @param action    what kind of change, such as {@code route.save} or {@code POST}
 * @param target    what it is to change, as the caller wrote it; what is longer than {@link #MAX_TARGET} is cut off
 * @param requestId id of the request, which the caller may have chosen
 * @param address   address that the request came from; null when it came from none
 */
public record Act(
        String caller,
        String action,
        String target,
        String requestId,
        @Nullable String address) {

    /** Characters of a target that are kept. */
    public static final int MAX_TARGET = 1000;

    public Act {
        target = target.length() > MAX_TARGET ? target.substring(0, MAX_TARGET) : target;
    }
}
