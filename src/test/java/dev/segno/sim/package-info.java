/**
 * The simulator: the engine on the real store, with a clock, threads, a network, operators and crashes that a seed decides
 * about, executes random route programs, and a small model says what has to come of them. Not a part of the program.
 */
@NullMarked
package dev.segno.sim;

import org.jspecify.annotations.NullMarked;
