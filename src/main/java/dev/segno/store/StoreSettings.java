package dev.segno.store;

import dev.segno.run.Failpoints;
import java.time.Duration;

/**
 * How the embedded store works.
 *
 * @param cacheBytes      page cache of the writer; default 64 MB
 * @param walPages        length of the write-ahead log, in pages of 4 KiB, at which it is copied into the database and
 *                        begun anew; default 16,000
 * @param prewarm         whether the log is written full of zeros at open, because overwriting a file is cheaper to
 *                        sync than growing it; default true
 * @param readers         connections for reading, 1 to 64; default 4
 * @param maxQueuedBytes  memory that queued writes may take before new starts are refused; default 64 MB
 * @param maxQueuedWrites number of queued writes above which new starts are refused; default 50,000
 * @param maxBytes        largest size of the database; at it the store behaves as with a full disk; default no limit
 * @param verifyBytes     databases up to this size are checked as a whole at open, which finds damage in an index;
 *                        contents are protected by checksums in any case; default 16 MB
 * @param retryInterval   time between two attempts to write while the disk refuses; default one second
 * @param fatal           ends the process after a failed fsync
 * @param failpoints      faults asked for by a test
 */
public record StoreSettings(
        long cacheBytes,
        int walPages,
        boolean prewarm,
        int readers,
        long maxQueuedBytes,
        int maxQueuedWrites,
        long maxBytes,
        long verifyBytes,
        Duration retryInterval,
        FatalErrorHandler fatal,
        Failpoints failpoints) {

    /** Size of a page of the database, in bytes. */
    public static final int PAGE_BYTES = 4096;

    private static final long MEGABYTE = 1024L * 1024;

    public StoreSettings {
        if (readers < 1 || readers > 64) {
            throw new IllegalArgumentException("readers must be between 1 and 64, not " + readers);
        }
        if (walPages < 100 || cacheBytes < MEGABYTE || maxBytes < MEGABYTE) {
            throw new IllegalArgumentException("walPages must be at least 100, cacheBytes and maxBytes at least 1 MB");
        }
    }

    /** The defaults, with failpoints from the environment. */
    public static StoreSettings defaults() {
        return new StoreSettings(
                64 * MEGABYTE,
                16_000,
                true,
                4,
                64 * MEGABYTE,
                50_000,
                Long.MAX_VALUE,
                16 * MEGABYTE,
                Duration.ofSeconds(1),
                FatalErrorHandler.HALT,
                Failpoints.fromEnvironment());
    }

    /** These settings with another limit for the database. */
    public StoreSettings withMaxBytes(long bytes) {
        return new StoreSettings(
                cacheBytes,
                walPages,
                prewarm,
                readers,
                maxQueuedBytes,
                maxQueuedWrites,
                bytes,
                verifyBytes,
                retryInterval,
                fatal,
                failpoints);
    }

    /** These settings with other bounds for what is queued. */
    public StoreSettings withQueue(long bytes, int writes) {
        return new StoreSettings(
                cacheBytes,
                walPages,
                prewarm,
                readers,
                bytes,
                writes,
                maxBytes,
                verifyBytes,
                retryInterval,
                fatal,
                failpoints);
    }

    /** These settings with another write-ahead log. */
    public StoreSettings withWal(int pages, boolean prewarmed) {
        return new StoreSettings(
                cacheBytes,
                pages,
                prewarmed,
                readers,
                maxQueuedBytes,
                maxQueuedWrites,
                maxBytes,
                verifyBytes,
                retryInterval,
                fatal,
                failpoints);
    }

    /** These settings with another interval between attempts to write. */
    public StoreSettings withRetryInterval(Duration interval) {
        return new StoreSettings(
                cacheBytes,
                walPages,
                prewarm,
                readers,
                maxQueuedBytes,
                maxQueuedWrites,
                maxBytes,
                verifyBytes,
                interval,
                fatal,
                failpoints);
    }

    /** These settings with faults, and with what a fatal one does. */
    public StoreSettings withFaults(Failpoints points, FatalErrorHandler handler) {
        return new StoreSettings(
                cacheBytes,
                walPages,
                prewarm,
                readers,
                maxQueuedBytes,
                maxQueuedWrites,
                maxBytes,
                verifyBytes,
                retryInterval,
                handler,
                points);
    }
}
