package dev.segno.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shape of scopes. A scope is the path of the containers around a step, such as {@code chunks[3]} or
 * {@code notify/onException[0]}; the empty scope is the route itself.
 */
public final class Scopes {

    /** Segment of the steps in an {@code onException}, followed by the number of the manual retry. */
    public static final String ON_EXCEPTION = "onException";

    /** Segment of the steps in an {@code onCompletion}, followed by the number of the manual retry. */
    public static final String ON_COMPLETION = "onCompletion";

    /** Segment of the steps in a {@code doFinally} behind a failure that no clause took; numbered likewise. */
    public static final String DO_FINALLY = "doFinally";

    /** Segment in front of the address of what a saga undoes. */
    public static final String COMPENSATION = "compensation";

    private static final List<String> HANDLERS = List.of(ON_EXCEPTION + '[', ON_COMPLETION + '[', DO_FINALLY + '[');

    private Scopes() {}

    /** The scope {@code segment} inside {@code parent}. */
    public static String child(String parent, String segment) {
        return parent.isEmpty() ? segment : parent + '/' + segment;
    }

    /** Whether a path is that of a compensation, or inside one. */
    static boolean isOfCompensation(@Nullable String path) {
        return path != null && path.startsWith(COMPENSATION + '/');
    }

    /** Whether a path leads through an error handler or a completion. */
    static boolean isOfHandler(String path) {
        return handlerStart(path) >= 0;
    }

    /** The scope whose failures the handler at {@code scope} takes; the scope itself when it is not a handler's. */
    static String handledBy(String scope) {
        int start = handlerStart(scope);
        if (start < 0) {
            return scope;
        }
        return start == 0 ? "" : scope.substring(0, start - 1);
    }

    /**
     * Whether a step that has been entered comes before everything in a sequential scope: it stands in the scope itself, or
     * on the way to it, but not in another branch of a container that is on this way.
     */
    static boolean isBefore(StepKey step, String sequentialScope) {
        if (step.isWithin(sequentialScope)) {
            return true;
        }
        String[] ofStep = step.path().split("/");
        String[] ofScope = sequentialScope.split("/");
        int common = 0;
        while (common < ofStep.length && common < ofScope.length && ofStep[common].equals(ofScope[common])) {
            common++;
        }
        return common < ofStep.length
                && common < ofScope.length
                && !container(ofStep[common]).equals(container(ofScope[common]));
    }

    /** The id in the segment of a branch. */
    private static String container(String segment) {
        int index = segment.lastIndexOf('[');
        return index < 0 ? segment : segment.substring(0, index);
    }

    private static int handlerStart(String path) {
        int first = -1;
        for (String handler : HANDLERS) {
            int start = segment(path, handler);
            first = start >= 0 && (first < 0 || start < first) ? start : first;
        }
        return first;
    }

    private static int segment(String path, String segment) {
        if (path.startsWith(segment)) {
            return 0;
        }
        int inside = path.indexOf('/' + segment);
        return inside < 0 ? -1 : inside + 1;
    }
}
