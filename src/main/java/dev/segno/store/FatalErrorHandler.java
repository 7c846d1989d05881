package dev.segno.store;

import ch.qos.logback.core.spi.LifeCycle;
import org.slf4j.LoggerFactory;

/**
 * What happens when the store can no longer know what is on disk, as after a failed fsync: the kernel may have dropped
 * the very pages that it failed to write, so asking again proves nothing. Only a new process that reads the disk knows.
 */
@FunctionalInterface
public interface FatalErrorHandler {

    /** The exit code of {@link #HALT}: an input or output error, as {@code sysexits.h} numbers it. */
    int EXIT_CODE = 74;

    /** Logs one line and ends the process, as soon as the line is out; a second at most is spent on that. */
    FatalErrorHandler HALT = (message, cause) -> {
        try {
            LoggerFactory.getLogger(FatalErrorHandler.class).error("{}: {}", message, cause.toString());
            // Lines are written behind a queue, which ends with the process: let it be emptied before.
            if (LoggerFactory.getILoggerFactory() instanceof LifeCycle logging) {
                logging.stop();
            }
        } finally {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    };

    /**
     * Called once, on a thread of the store. Should not return; when it does, the store accepts nothing more, and what
     * was being written stays unanswered for ever.
     */
    void storageFailed(String message, Throwable cause);
}
