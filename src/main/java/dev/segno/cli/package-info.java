/** The commands of the program: they read options, call the packages that do the work, and turn results into exit codes. */
@NullMarked
package dev.segno.cli;

import org.jspecify.annotations.NullMarked;
