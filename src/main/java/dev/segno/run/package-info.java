/** The engine. */
@NullMarked
package dev.segno.run;

import org.jspecify.annotations.NullMarked;
