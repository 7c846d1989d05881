/**
 * The API for programs in Java: {@link dev.segno.client.SegnoClient} starts runs, waits for them, signals, follows and
 * retries them.
 *
 * <p>Uses no other package: it talks to a node over HTTP.
 */
@NullMarked
package dev.segno.client;

import org.jspecify.annotations.NullMarked;
