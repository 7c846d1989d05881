package dev.segno.run;

import java.util.Optional;

/**
 * Which runs to list, newest first.
 *
 * @param orchestration only runs of this one
 * @param state         only runs in this state
 * @param before        only runs whose id is smaller: the cursor of the next page
 * @param limit         at most this many, 1 to 500
 */
public record RunQuery(Optional<String> orchestration, Optional<RunState> state, Optional<String> before, int limit) {

    public static final int MAX_LIMIT = 500;

    public RunQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be between 1 and " + MAX_LIMIT + ", not " + limit);
        }
    }

    /** The newest run of an orchestration. */
    public static RunQuery latest(String orchestration) {
        return new RunQuery(Optional.of(orchestration), Optional.empty(), Optional.empty(), 1);
    }
}
