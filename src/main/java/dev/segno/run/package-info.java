/**
 * The engine, in plain Java: what a run is, which states it goes through, what its journal holds, how it is replayed,
 * retried, cancelled and recovered.
 *
 * <p>Knows neither Camel nor SQL nor HTTP. Time, storage, delays and the code of a route reach it through interfaces
 * ({@link java.time.Clock}, {@link dev.segno.run.RunStore}, {@link dev.segno.run.Scheduler},
 * {@link dev.segno.run.Orchestration}), so that it can be tested and simulated without any of them.
 */
@NullMarked
package dev.segno.run;

import org.jspecify.annotations.NullMarked;
