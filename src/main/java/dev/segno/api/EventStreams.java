package dev.segno.api;

import io.vertx.core.http.HttpServerResponse;

/** What all streams of server-sent events have in common. */
final class EventStreams {

    private EventStreams() {}

    /** Begins an answer that has no end of its own: kept by nobody, passed on at once, asked for again after two seconds. */
    static void begin(HttpServerResponse response) {
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no");
        response.write("retry: 2000\n\n");
    }
}
