/** Tests of the commands as a user calls them. */
@NullMarked
package dev.segno.cli;

import org.jspecify.annotations.NullMarked;
