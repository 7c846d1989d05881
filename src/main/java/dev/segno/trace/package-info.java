/**
 * Traces: what a run did and for how long, as spans, derived from its journal. Nothing is written for them but the calls in
 * the records of steps. Plain Java.
 */
@NullMarked
package dev.segno.trace;

import org.jspecify.annotations.NullMarked;
