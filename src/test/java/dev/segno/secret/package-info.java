/** Values under seal. */
@NullMarked
package dev.segno.secret;

import org.jspecify.annotations.NullMarked;
