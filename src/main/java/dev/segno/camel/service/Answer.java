package dev.segno.camel.service;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * What a peer answered.
 *
 * @param contentType {@code null} when it did not say
 * @param retryAfter  value of the header of that name; {@code null} when there is none
 */
record Answer(
        int status, @Nullable String contentType, @Nullable String retryAfter, Buffer body) {}
