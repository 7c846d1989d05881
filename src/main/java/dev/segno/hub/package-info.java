/**
 * What the service hub's routes cannot say themselves: {@link dev.segno.hub.ServiceHub} tells of operations that begin and
 * end, counts them, and notices when the health of a service changes.
 *
 * <p>Uses {@code run}, {@code trigger}, {@code event} and {@code controlplane}. Thread-safe throughout.
 */
@NullMarked
package dev.segno.hub;

import org.jspecify.annotations.NullMarked;
