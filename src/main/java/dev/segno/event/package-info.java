/**
 * Events: what has happened, for whoever wants to know. Each is written down before it is published, can be looked at
 * later, and published again. Plain Java; the store that keeps them and the broker that spreads them are behind
 * {@link dev.segno.event.EventStore} and {@link dev.segno.event.EventSink}.
 */
@NullMarked
package dev.segno.event;

import org.jspecify.annotations.NullMarked;
