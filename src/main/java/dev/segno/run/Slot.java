package dev.segno.run;

/**
 * What a run needs to be under way: its place among the runs of its key.
 *
 * @param key      whose runs are counted together
 * @param priority those with a higher one begin first, and among equals those that were started first
 * @param limits   by which they are counted
 */
public record Slot(String key, int priority, Limits limits) {}
