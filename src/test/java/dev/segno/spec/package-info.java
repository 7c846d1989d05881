/** Suites that say what each implementation of an interface of the engine promises; one subclass for each of them. */
@NullMarked
package dev.segno.spec;

import org.jspecify.annotations.NullMarked;
