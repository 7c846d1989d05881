package dev.segno.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Parked and blocked runs by what they say, and what is done with all of a group. Thread-safe; blocks on reads. */
public final class DeadLetterGroups {

    /** Most runs of a group that one call changes. */
    public static final int MOST_AT_ONCE = 500;

    private final DeadLetters deadLetters;
    private final DeadLetterStore store;

    public DeadLetterGroups(Engine engine) {
        this.deadLetters = engine.deadLetters();
        this.store = engine.store().deadLetters();
    }

    /**
     * What became of one run of a group.
     *
     * @param refused why nothing was changed; {@code null} when it was
     */
    public record Result(String runId, @Nullable String refused) {}

    /**
     * What became of the runs of a group.
     *
     * @param group   as it was before
     * @param results of at most {@link #MOST_AT_ONCE} runs, oldest first
     */
    public record Results(DeadLetterGroup group, List<Result> results) {

        /** Number of runs that were not looked at: the same call again goes on with them. */
        public long left() {
            return Math.max(0, group.count() - results.size());
        }
    }

    /** All groups, the largest first. */
    public List<DeadLetterGroup> all() {
        Map<String, DeadLetterGroup> groups = new HashMap<>();
        store.causes(cause -> {
            DeadLetterGroup group = DeadLetterGroup.of(cause);
            groups.merge(group.id(), group, DeadLetterGroup::and);
        });
        return groups.values().stream()
                .sorted(Comparator.comparingLong(DeadLetterGroup::count)
                        .reversed()
                        .thenComparing(DeadLetterGroup::id))
                .toList();
    }

    /** Retries all runs of a group as they are; empty when there is no such group (any more). */
    public Optional<Results> retry(String groupId) {
        return each(groupId, id -> deadLetters.retry(RetryRequest.of(id)));
    }

    /** Gives up all runs of a group; empty when there is no such group (any more). */
    public Optional<Results> giveUp(String groupId) {
        return each(groupId, deadLetters::giveUp);
    }

    private Optional<Results> each(String groupId, Function<String, CompletableFuture<Void>> action) {
        List<DeadLetterCause> causes = new ArrayList<>();
        DeadLetterGroup[] found = new DeadLetterGroup[1];
        store.causes(cause -> {
            DeadLetterGroup group = DeadLetterGroup.of(cause);
            if (group.id().equals(groupId)) {
                found[0] = found[0] == null ? group : found[0].and(group);
                if (causes.size() < MOST_AT_ONCE) {
                    causes.add(cause);
                }
            }
        });
        if (found[0] == null) {
            return Optional.empty();
        }
        List<String> ids = new ArrayList<>();
        for (DeadLetterCause cause : causes) {
            if (ids.size() < MOST_AT_ONCE) {
                ids.addAll(store.runsOf(cause, MOST_AT_ONCE - ids.size()));
            }
        }
        ids.sort(Comparator.naturalOrder());
        // All are queued before the first is waited for, so that the store writes them together.
        List<CompletableFuture<Result>> results =
                ids.stream().map(id -> result(id, action)).toList();
        return Optional.of(new Results(
                found[0], results.stream().map(CompletableFuture::join).toList()));
    }

    private static CompletableFuture<Result> result(String id, Function<String, CompletableFuture<Void>> action) {
        CompletableFuture<Void> done;
        try {
            done = action.apply(id);
        } catch (RunConflict | UnknownRun e) {
            return CompletableFuture.completedFuture(new Result(id, e.getMessage()));
        }
        return done.handle((nothing, error) -> {
            if (error == null) {
                return new Result(id, null);
            }
            Throwable cause = Engine.unwrap(error);
            if (cause instanceof RunConflict || cause instanceof UnknownRun) {
                return new Result(id, cause.getMessage());
            }
            if (cause instanceof RuntimeException other) {
                throw other;
            }
            throw new IllegalStateException(cause);
        });
    }
}
