package dev.segno.run;

import java.util.Optional;

/**
 * Which parked and blocked runs to list, newest first.
 *
 * @param orchestration only runs of this one
 * @param step          only runs that stand at the step of this key
 * @param errorType     only runs with an error of this class, named with or without its package
 * @param before        only runs whose id is smaller: the cursor of the next page
 * @param limit         at most this many, 1 to {@link RunQuery#MAX_LIMIT}
 */
public record DeadLetterQuery(
        Optional<String> orchestration,
        Optional<String> step,
        Optional<String> errorType,
        Optional<String> before,
        int limit) {

    public DeadLetterQuery {
        if (limit < 1 || limit > RunQuery.MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be between 1 and " + RunQuery.MAX_LIMIT + ", not " + limit);
        }
    }
}
