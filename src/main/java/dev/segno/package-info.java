/** The program: its entry point and the wiring of the packages, nothing else. */
@NullMarked
package dev.segno;

import org.jspecify.annotations.NullMarked;
