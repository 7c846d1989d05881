/**
 * The only code that knows Camel's internals: the {@code orchestration:} and {@code runs:} components, the journaled
 * step, the keys of steps inside Camel's containers, and the loading of several versions of a route side by side.
 *
 * <p>Uses the engine in {@link dev.segno.run}; nothing but the program's wiring uses it.
 */
@NullMarked
package dev.segno.camel;

import org.jspecify.annotations.NullMarked;
