package dev.segno.camel.service;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * What a peer answered.
 *
 * @param headers of the answer; not to be changed
 */
record Answer(int status, MultiMap headers, Buffer body) {

    /** {@code null} when the peer did not say. */
    @Nullable
    String contentType() {
        return headers.get("Content-Type");
    }

    /** {@code null} when the peer did not say. */
    @Nullable
    String retryAfter() {
        return headers.get("Retry-After");
    }
}
