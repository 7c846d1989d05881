/**
 * The keys of callers as they are kept: {@link dev.segno.keys.ApiKey} is one, {@link dev.segno.keys.ApiKeys} where they are.
 *
 * <p>Plain Java; uses no other package. {@code security} makes and checks them, and the store keeps them.
 */
@NullMarked
package dev.segno.keys;

import org.jspecify.annotations.NullMarked;
