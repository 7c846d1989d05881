package dev.segno.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a run's steps while it is being executed: the records that replay has not reached yet, those that a
 * repeated outer step may ask for again, and how often each open step has been tried.
 *
 * <p>Thread-safe: branches of a parallel split visit at the same time.
 */
final class Journal {

    /** Sorted by path, so that the records inside a scope are one contiguous range. */
    private final NavigableMap<String, StepRecord> unvisited = new ConcurrentSkipListMap<>();

    /** Records of steps inside an open outer step: the only ones that one execution can meet twice. */
    private final Map<StepKey, StepRecord> nested = new ConcurrentHashMap<>();

    private final Map<StepKey, List<Attempt>> failedAttempts = new ConcurrentHashMap<>();

    Journal(List<StepRecord> records, List<Attempt> attempts) {
        for (StepRecord record : records) {
            unvisited.put(record.key().path(), record);
        }
        for (Attempt attempt : attempts) {
            add(attempt);
        }
    }

    /**
     * The record of {@code key}, or null when the step is open. Records inside the returned one count as visited: a
     * recorded outer step covers its inner ones.
     *
     * @param insideStep whether the step stands inside another step
     */
    @Nullable
    StepRecord visit(StepKey key, boolean insideStep) {
        StepRecord record = unvisited.remove(key.path());
        if (record == null) {
            return insideStep ? nested.get(key) : null;
        }
        inside(key.path()).clear();
        if (insideStep) {
            nested.put(key, record);
        }
        return record;
    }

    /** Remembers a record that was made inside an outer step, which may be tried again. */
    void addNested(StepRecord record) {
        nested.put(record.key(), record);
    }

    /** Forgets what an outer step held, now that its own record covers it. */
    void close(StepKey outer) {
        if (!nested.isEmpty()) {
            nested.keySet().removeIf(key -> key.isWithin(outer.path()));
        }
        inside(outer.path()).clear();
    }

    /**
     * The first few keys inside {@code scope} that have a record but were not visited when {@code open}, a step without a
     * record, is entered, in the order of their names. Steps inside the open one come next and do not count; those of
     * error handlers and completions do not either: after a retry they may rightly stay unvisited.
     */
    List<StepKey> unvisitedBefore(StepKey open, String scope) {
        return unvisitedIn(scope, key -> !key.isWithin(open.path()));
    }

    /** The first few keys that have a record but were not visited, in the order of their names. */
    List<StepKey> unvisitedAtEnd() {
        return unvisitedIn("", key -> true);
    }

    private List<StepKey> unvisitedIn(String scope, Predicate<StepKey> counts) {
        if (unvisited.isEmpty()) {
            return List.of();
        }
        List<StepKey> found = new ArrayList<>();
        for (StepRecord record : (scope.isEmpty() ? unvisited : inside(scope)).values()) {
            if (!Scopes.isOfHandler(record.key().path()) && counts.test(record.key())) {
                found.add(record.key());
                if (found.size() == MOST_REPORTED) {
                    break;
                }
            }
        }
        return found;
    }

    /** Gives up the records inside {@code scope}: branches that a stop on exception never reached. */
    void skip(String scope) {
        inside(scope).clear();
        unvisited.keySet().removeIf(path -> path.startsWith(scope + '['));
    }

    /** How often {@code key} has failed so far. */
    int failures(StepKey key) {
        return failedAttempts.getOrDefault(key, List.of()).size();
    }

    /** How often {@code key} has failed under manual retry number {@code retry}. */
    int failuresUnder(StepKey key, int retry) {
        int count = 0;
        for (Attempt attempt : failedAttempts.getOrDefault(key, List.of())) {
            if (attempt.retry() == retry) {
                count++;
            }
        }
        return count;
    }

    void add(Attempt attempt) {
        failedAttempts.merge(attempt.key(), List.of(attempt), (before, added) -> {
            List<Attempt> all = new ArrayList<>(before);
            all.addAll(added);
            return List.copyOf(all);
        });
    }

    /** Forgets the attempts of a step that has its record: they are in the store. */
    void forgetAttempts(StepKey key) {
        failedAttempts.remove(key);
    }

    private NavigableMap<String, StepRecord> inside(String scope) {
        // '0' is the character after '/': the range holds exactly the paths that begin with "scope/".
        return unvisited.subMap(scope + '/', true, scope + '0', false);
    }

    private static final int MOST_REPORTED = 5;
}
