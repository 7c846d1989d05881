package dev.segno.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Failures of steps of which it is not yet known whether the route handles them.
 *
 * <p>A failed step has no record: if nobody handles the failure, the run is parked there and the step is tried again.
 * When the route goes on in the same sequential scope, it did handle it, and the failure becomes history before the next
 * effect. A handler that does not handle what it works on (an {@code onException} without {@code handled}, a {@code
 * doFinally} behind a failure that no clause took) keeps the failure open meanwhile: its own steps are no sign that the
 * route went on. Failures of parallel branches are not touched by what their siblings do. Thread-safe.
 */
final class OpenFailures {

    private static final class Open {
        final StepCall call;
        final StepError error;
        final int retry;
        final Throwable cause;

        /** What the run says if nobody handles it: the failure of the innermost step. */
        StepError origin;

        /** The failed try that is to become history; null when a replay met it as history. */
        final @Nullable Attempt attempt;

        final List<String> clauses = new ArrayList<>();
        boolean taken;

        /** Scope of the handler that works on this failure without handling it. */
        @Nullable
        String keptIn;

        Open(StepCall call, StepError error, int retry, @Nullable Attempt attempt, Throwable cause) {
            this.call = call;
            this.error = error;
            this.origin = error;
            this.retry = retry;
            this.attempt = attempt;
            this.cause = cause;
        }

        boolean isKeptIn(String scope) {
            return keptIn != null && (scope.equals(keptIn) || scope.startsWith(keptIn + '/'));
        }

        HandledStep asHandled(Attempt failed) {
            StepRecord record = new StepRecord(
                    failed.key(),
                    failed.number(),
                    failed.startedAt(),
                    failed.endedAt(),
                    new StepRecord.HandledFailure(error, clauses.isEmpty() ? null : String.join(",", clauses), retry));
            return new HandledStep(call, record);
        }
    }

    /** A step whose failure the route handled. */
    record HandledStep(StepCall call, StepRecord record) {}

    private final Map<StepKey, Open> open = new LinkedHashMap<>();

    /** Manual retry of the failures that were replayed or happened last, by the scope in which they stand. */
    private final Map<String, Integer> retries = new LinkedHashMap<>();

    /** How many handlers have begun, by the path that their scopes have in common. */
    private final Map<String, Integer> handlers = new HashMap<>();

    synchronized void add(StepCall call, Attempt attempt, Throwable cause) {
        Open failure = new Open(call, attempt.error(), attempt.retry(), attempt, cause);
        Open inner = find(cause);
        if (inner != null && inner.call.key().isWithin(call.key().path())) {
            failure.origin = inner.origin;
        }
        // From here on the outer step stands for what failed inside it.
        covered(call.key());
        put(call, failure);
    }

    /**
     * A replay meets a failure that is history. Until the route goes on it counts as it did when it happened, so that
     * the handlers that work on it find the scopes that they had.
     */
    synchronized void replayed(StepCall call, StepRecord.HandledFailure failure, Throwable cause) {
        put(call, new Open(call, failure.error(), failure.retry(), null, cause));
    }

    private void put(StepCall call, Open failure) {
        open.put(call.key(), failure);
        retries.remove(call.scope());
        retries.put(call.scope(), failure.retry);
    }

    /** A replay goes on with a step that has a record: what was history before it is done with. */
    synchronized void passed(StepCall next) {
        if (!open.isEmpty()) {
            String scope = Scopes.handledBy(next.sequentialScope());
            open.values().removeIf(failure -> failure.attempt == null && isBefore(failure, scope, next.scope()));
        }
    }

    /** A step is tried (again): what it did before no longer matters. */
    synchronized void enter(StepKey key) {
        open.keySet().removeIf(failed -> failed.equals(key) || failed.isWithin(key.path()));
        handlers.keySet().removeIf(path -> path.startsWith(key.path() + '/'));
    }

    /** A step has ended and covers what failed inside it. */
    synchronized void covered(StepKey outer) {
        if (!open.isEmpty()) {
            open.keySet().removeIf(key -> key.isWithin(outer.path()));
        }
    }

    /** A clause handles the failure. */
    synchronized void taken(@Nullable Throwable caught, String clause) {
        Open failure = find(caught);
        if (failure != null) {
            failure.clauses.add(clause);
            failure.taken = true;
            failure.keptIn = null;
        }
    }

    /** Whether {@code caught} is the failure of a step that no clause took. */
    synchronized boolean isPending(@Nullable Throwable caught) {
        Open failure = find(caught);
        return failure != null && !failure.taken;
    }

    /**
     * A handler begins; a failure that no clause has taken by now is kept open meanwhile.
     *
     * @param scope   in which it stands
     * @param segment what it is
     * @param clause  id of its clause; null when it is none
     * @param caught  what it works on
     * @param current number of the run's manual retry
     * @return its own segment: the manual retry under which the failure happened, so that what fails again after a retry
     *     is handled anew, and behind a dot how many handlers have worked in this scope before
     */
    synchronized String begin(
            String scope, String segment, @Nullable String clause, @Nullable Throwable caught, int current) {
        Open failure = find(caught);
        int retry = current;
        if (failure != null) {
            retry = failure.retry;
        } else if (!segment.equals(Scopes.ON_COMPLETION)) {
            retry = retryIn(scope, current);
        }
        int before = handlers.merge(Scopes.child(scope, segment + '[' + retry), 1, Integer::sum) - 1;
        String own = segment + '[' + retry + (before == 0 ? "" : "." + before) + ']';
        if (failure != null && !failure.taken) {
            failure.keptIn = Scopes.child(scope, own);
            if (clause != null) {
                failure.clauses.add(clause);
            }
        }
        return own;
    }

    private @Nullable Open find(@Nullable Throwable caught) {
        for (Open candidate : open.values()) {
            for (Throwable cause = caught; cause != null; cause = cause.getCause()) {
                if (cause == candidate.cause) {
                    return candidate;
                }
            }
        }
        return null;
    }

    /** Removes the failures that must have been handled, since the route went on with {@code next}. */
    synchronized List<HandledStep> handledBefore(StepCall next) {
        return remove(Scopes.handledBy(next.sequentialScope()), next.scope());
    }

    /** Removes all failures: the route has come to its end. */
    synchronized List<HandledStep> handledAtEnd() {
        return remove("", "");
    }

    private List<HandledStep> remove(String sequentialScope, String scope) {
        if (open.isEmpty()) {
            return List.of();
        }
        List<HandledStep> handled = new ArrayList<>();
        for (Iterator<Open> each = open.values().iterator(); each.hasNext(); ) {
            Open failure = each.next();
            if (isBefore(failure, sequentialScope, scope)) {
                if (failure.attempt != null) {
                    handled.add(failure.asHandled(failure.attempt));
                }
                each.remove();
            }
        }
        return handled;
    }

    private static boolean isBefore(Open failure, String sequentialScope, String scope) {
        return Scopes.isBefore(failure.call.key(), sequentialScope) && !failure.isKeptIn(scope);
    }

    /** The manual retry of the latest failure inside {@code scope}. */
    private int retryIn(String scope, int otherwise) {
        int found = otherwise;
        for (Map.Entry<String, Integer> failure : retries.entrySet()) {
            String at = failure.getKey();
            if (scope.isEmpty() || at.equals(scope) || at.startsWith(scope + '/')) {
                found = failure.getValue();
            }
        }
        return found;
    }

    /** The step whose failure is {@code failure} or stands among its causes; otherwise the one that failed last. */
    synchronized Optional<StepError> errorOf(Throwable failure) {
        Open found = find(failure);
        if (found != null) {
            return Optional.of(found.origin);
        }
        Optional<StepError> latest = Optional.empty();
        for (Open candidate : open.values()) {
            latest = Optional.of(candidate.origin);
        }
        return latest;
    }
}
