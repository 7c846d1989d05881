package dev.segno.run;

import java.util.Optional;

/**
 * Which runs with sagas to list, newest first.
 *
 * @param state  only runs in this state
 * @param stuck  only runs that stand at a compensation which used up its tries
 * @param before only runs whose id is smaller: the cursor of the next page
 * @param limit  at most this many, 1 to {@link RunQuery#MAX_LIMIT}
 */
public record SagaQuery(Optional<RunState> state, boolean stuck, Optional<String> before, int limit) {

    public SagaQuery {
        if (limit < 1 || limit > RunQuery.MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be between 1 and " + RunQuery.MAX_LIMIT + ", not " + limit);
        }
    }
}
