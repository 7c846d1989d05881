package dev.segno.run;

import java.util.ArrayList;
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
 * When the route goes on in the same scope, it did handle it, and the failure becomes history before the next effect.
 * Failures of parallel branches stand in scopes of their own and are not touched by what their siblings do.
 */
final class OpenFailures {

    private static final class Open {
        final Attempt attempt;
        final Throwable cause;

        @Nullable
        String clause;

        Open(Attempt attempt, Throwable cause) {
            this.attempt = attempt;
            this.cause = cause;
        }

        StepRecord asRecord() {
            return new StepRecord(
                    attempt.key(),
                    attempt.number(),
                    attempt.startedAt(),
                    attempt.endedAt(),
                    new StepRecord.HandledFailure(attempt.error(), clause, attempt.retry()));
        }
    }

    private final Map<StepKey, Open> open = new LinkedHashMap<>();

    /** Manual retry of the failures that were replayed or happened last, by the scope in which they stand. */
    private final Map<String, Integer> retries = new LinkedHashMap<>();

    synchronized void add(String scope, Attempt attempt, Throwable cause) {
        open.put(attempt.key(), new Open(attempt, cause));
        retries.remove(scope);
        retries.put(scope, attempt.retry());
    }

    synchronized void replayed(String scope, int retry) {
        retries.remove(scope);
        retries.put(scope, retry);
    }

    /** A step is entered (again): what it did before no longer matters. */
    synchronized void enter(StepKey key) {
        open.remove(key);
    }

    /** A step succeeded and covers what failed inside it. */
    synchronized void covered(StepKey outer) {
        if (!open.isEmpty()) {
            open.keySet().removeIf(key -> key.isWithin(outer.path()));
        }
    }

    synchronized void taken(String scope, String clause) {
        String handled = Scopes.handledBy(scope);
        for (Open failure : open.values()) {
            if (failure.clause == null && failure.attempt.key().isWithin(handled)) {
                failure.clause = clause;
            }
        }
    }

    /** Removes the failures that must have been handled, since the route went on in {@code scope}. */
    synchronized List<StepRecord> handledBefore(String scope) {
        if (open.isEmpty()) {
            return List.of();
        }
        String handled = Scopes.handledBy(scope);
        List<StepRecord> records = new ArrayList<>();
        for (Iterator<Open> each = open.values().iterator(); each.hasNext(); ) {
            Open failure = each.next();
            if (failure.attempt.key().isWithin(handled)) {
                records.add(failure.asRecord());
                each.remove();
            }
        }
        return records;
    }

    /** The manual retry of the latest failure inside {@code scope}. */
    synchronized int retryIn(String scope, int otherwise) {
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
        Optional<StepError> latest = Optional.empty();
        for (Open candidate : open.values()) {
            latest = Optional.of(candidate.attempt.error());
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause == candidate.cause) {
                    return latest;
                }
            }
        }
        return latest;
    }
}
