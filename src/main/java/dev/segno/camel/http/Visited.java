package dev.segno.camel.http;

/** A consumer that knows how many requests are under way in its route. Safe for concurrent use. */
@FunctionalInterface
public interface Visited {

    /** Requests that were taken and are not answered in full. While the consumer is suspended, the number only falls. */
    int visits();
}
