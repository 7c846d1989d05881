package dev.segno.api;

import dev.segno.control.Settings;
import java.time.Duration;

/**
 * How much a client may ask of the server.
 *
 * @param maxBody bytes of a request body, where its operation says nothing else
 * @param maxHeaders bytes of all headers together
 * @param maxTarget bytes of the request line
 * @param readTimeout how long a request may take to arrive in full, counted from its first header being expected
 * @param idleTimeout how long a connection may stand without a request
 * @param writePatience how long a client may take nothing of an answer
 * @param coreThreads threads on which routes start, kept
 * @param maxThreads threads at most, for routes that block
 * @param queued requests that wait for a thread, at most
 */
public record HttpLimits(
        long maxBody,
        int maxHeaders,
        int maxTarget,
        Duration readTimeout,
        Duration idleTimeout,
        Duration writePatience,
        int coreThreads,
        int maxThreads,
        int queued) {

    /** The limits that the settings {@code segno.http.*} give, within sensible bounds. */
    public static HttpLimits from(Settings settings) {
        return new HttpLimits(
                settings.integer("segno.http.max-body", 1L << 20, 1, 1L << 30),
                settings.integer("segno.http.max-headers", 16 * 1024, 1024, 1 << 20),
                settings.integer("segno.http.max-target", 8 * 1024, 256, 64 * 1024),
                settings.duration("segno.http.read-timeout", Duration.ofSeconds(30)),
                settings.duration("segno.http.idle-timeout", Duration.ofSeconds(60)),
                settings.duration("segno.http.write-patience", Duration.ofSeconds(30)),
                settings.integer("segno.http.core-threads", 8, 1, 1024),
                settings.integer("segno.http.max-threads", 128, 1, 4096),
                settings.integer("segno.http.queued", 1024, 1, 1 << 20));
    }

    public HttpLimits {
        if (coreThreads > maxThreads) {
            coreThreads = maxThreads;
        }
    }
}
