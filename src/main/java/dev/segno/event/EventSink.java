package dev.segno.event;

/** Where events go when they are on record. Thread-safe. */
@FunctionalInterface
public interface EventSink {

    /**
     * Publishes a text. It is tried once: an event that is on record can be published again.
     *
     * @throws RuntimeException when it cannot be handed over
     */
    void publish(String channel, String text);
}
