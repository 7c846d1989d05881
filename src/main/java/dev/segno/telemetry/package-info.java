/**
 * Tells the outside how the node is doing: figures for Prometheus, spans for OpenTelemetry, lines for a log collector. Only
 * looks: it is told by the engine, the store and the calls of services, through interfaces of theirs, and nothing of
 * the project but the wiring uses it. What is switched off loads no class of a library.
 */
@NullMarked
package dev.segno.telemetry;

import org.jspecify.annotations.NullMarked;
