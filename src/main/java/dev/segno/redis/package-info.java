/**
 * Redis: the connection, the readers of streams with consumer groups, and channels. Texts go
 * out and come in, never objects.
 *
 * <p>Uses Vert.x, {@code dev.segno.run}, and of {@code dev.segno.trigger} the place for messages that were refused. It may be used by
 * {@code camel}, which makes components of it, {@code control} and {@code api}. Nothing is opened until it is needed, and everything
 * else works without it.
 */
@NullMarked
package dev.segno.redis;

import org.jspecify.annotations.NullMarked;
