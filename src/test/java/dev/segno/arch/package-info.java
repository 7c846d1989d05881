/** The rules of the project's structure, as tests. */
@NullMarked
package dev.segno.arch;

import org.jspecify.annotations.NullMarked;
