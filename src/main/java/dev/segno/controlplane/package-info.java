/**
 * The operations of the control plane's own contract: the registry of services and its peers, events, dead letters,
 * sagas, traces, health and settings, in the words in which other orchestrators and monitors ask for them.
 *
 * <p>Each is a {@link dev.segno.controlplane.ControlOperation}: JSON in, JSON out. Paths and the forms of requests are the
 * business of the package {@code routes/docs-ingestion}, whose routes reach the operations as {@code control:NAME}. What is
 * done belongs to the packages {@code registry}, {@code event}, {@code trace} and {@code run}; nothing here knows Camel or
 * the HTTP server.
 */
@NullMarked
package dev.segno.controlplane;

import org.jspecify.annotations.NullMarked;
