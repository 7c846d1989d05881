/**
 * Stand-ins for the services that the example packages call: other people's systems, with faults on demand. Each is one
 * {@link dev.segno.sandbox.StandIn} on a port of its own on 127.0.0.1; what they have in common (the log of calls, faults,
 * idempotency, the refusal of a second call) is done once, in {@link dev.segno.sandbox.Desk}. Uses Vert.x and Jackson, and
 * nothing of the engine: a stand-in that shares code with what it tests would share its mistakes.
 *
 * <p>All stand-ins of a {@link dev.segno.sandbox.Sandbox} run on one event loop, and everything they hold is confined to
 * it; that is why no class here has a lock.
 */
@NullMarked
package dev.segno.sandbox;

import org.jspecify.annotations.NullMarked;
