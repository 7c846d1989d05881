package dev.segno.run;

import java.util.Map;

/**
 * How many runs have noted how to undo what they do.
 *
 * @param byState of each state in which there is one
 * @param stuck   how many of the parked and blocked ones stand at a compensation which used up its tries
 */
public record SagaStatistics(Map<RunState, Long> byState, long stuck) {

    /** All of them. */
    public long total() {
        return byState.values().stream().mapToLong(Long::longValue).sum();
    }
}
