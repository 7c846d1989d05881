/**
 * Camel's {@code platform-http} on a Vert.x server of ours, without a thread held per request. The stock consumer blocks
 * one of twenty workers for as long as an exchange lasts, so that a few callers of a hanging service stop the whole
 * server; here a route is started on a bounded pool, goes on wherever its asynchronous processors continue it, and its
 * answer is written on the request's own event loop. It uses Camel, Vert.x and {@code security}.
 */
@NullMarked
package dev.segno.camel.http;

import org.jspecify.annotations.NullMarked;
