package dev.segno.trigger;

/**
 * What is kept for routes that stand between runs.
 *
 * @param batches  what they collect
 * @param seenKeys messages that they have dealt with
 * @param endedRuns the runs that have ended, for those who are to be told
 */
public record BetweenRuns(BatchStore batches, SeenKeys seenKeys, EndedRuns endedRuns) {}
