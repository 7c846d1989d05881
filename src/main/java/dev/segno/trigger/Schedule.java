package dev.segno.trigger;

/**
 * A schedule as its route defines it.
 *
 * @param name    unique on a node
 * @param cron    when it fires
 * @param misfire what becomes of fires that were missed
 * @param overlap what becomes of fires that overlap
 */
public record Schedule(String name, Cron cron, MisfirePolicy misfire, OverlapRule overlap) {}
