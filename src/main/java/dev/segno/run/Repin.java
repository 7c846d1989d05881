package dev.segno.run;

import java.time.Instant;

/**
 * A change of the version that a run is pinned to.
 *
 * @param retry number of the manual retry that brought it, from 1
 * @param from  version that it had
 * @param to    version that it has since
 * @param at    when
 */
public record Repin(int retry, String from, String to, Instant at) {}
