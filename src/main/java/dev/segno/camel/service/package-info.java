/**
 * {@code service:NAME}: calls of other services over HTTP, without a thread per call. One base URL and one circuit
 * breaker per service, a verdict on whether a failure may be retried, patience with a busy peer. What a route calls is
 * {@code kamelet:call}, which is written on top of it.
 */
@NullMarked
package dev.segno.camel.service;

import org.jspecify.annotations.NullMarked;
