package dev.segno.api;

import dev.segno.control.Settings;
import dev.segno.control.SettingsCatalog;
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
                settings.get(SettingsCatalog.HTTP_MAX_BODY),
                settings.get(SettingsCatalog.HTTP_MAX_HEADERS),
                settings.get(SettingsCatalog.HTTP_MAX_TARGET),
                settings.get(SettingsCatalog.HTTP_READ_TIMEOUT),
                settings.get(SettingsCatalog.HTTP_IDLE_TIMEOUT),
                settings.get(SettingsCatalog.HTTP_WRITE_PATIENCE),
                settings.get(SettingsCatalog.HTTP_CORE_THREADS),
                settings.get(SettingsCatalog.HTTP_MAX_THREADS),
                settings.get(SettingsCatalog.HTTP_QUEUED));
    }

    public HttpLimits {
        if (coreThreads > maxThreads) {
            coreThreads = maxThreads;
        }
    }
}
