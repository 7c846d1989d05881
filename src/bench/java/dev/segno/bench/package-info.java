/** Benchmarks, run by the Maven profile {@code bench}; see docs/performance.md. Not part of the tests. */
@NullMarked
package dev.segno.bench;

import org.jspecify.annotations.NullMarked;
