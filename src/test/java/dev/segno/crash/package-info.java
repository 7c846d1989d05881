/**
 * The real program is killed, starved and fed nonsense; servers that share nothing with it say what it did. Rows R1, R3,
 * R7, R11, R18 and R22 of the reliability plan.
 */
@NullMarked
package dev.segno.crash;

import org.jspecify.annotations.NullMarked;
