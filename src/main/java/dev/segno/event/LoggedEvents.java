package dev.segno.event;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where there is no broker, events are on record, and in the log at level DEBUG. Thread-safe. */
public final class LoggedEvents implements EventSink {

    private static final Logger LOG = LoggerFactory.getLogger(LoggedEvents.class);

    @Override
    public void publish(String channel, String text) {
        LOG.debug("event on {}: {}", channel, text);
    }
}
