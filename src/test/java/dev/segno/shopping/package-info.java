/** Tests of the shopping assistant's own rules. */
@NullMarked
package dev.segno.shopping;

import org.jspecify.annotations.NullMarked;
