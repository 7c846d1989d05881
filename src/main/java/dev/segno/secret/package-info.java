/**
 * Values that a run works with and no journal may hold: {@link dev.segno.secret.Seal} keeps them encrypted, outside of the
 * journal, for as long as they are needed.
 *
 * <p>Plain Java; uses no other package.
 */
@NullMarked
package dev.segno.secret;

import org.jspecify.annotations.NullMarked;
