package dev.segno.camel;

import java.time.Duration;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/** One place at which runs wait. The waiting itself is done by {@link AwaitNode}, which stands in front of it. */
final class AwaitEndpoint extends DefaultEndpoint {

    private final @Nullable String signal;
    private final @Nullable Duration atMost;

    AwaitEndpoint(String uri, Component component, @Nullable String signal, @Nullable Duration atMost) {
        super(uri, component);
        this.signal = signal;
        this.atMost = atMost;
    }

    /** Name of the signal; null for a sleep. */
    @Nullable
    String signal() {
        return signal;
    }

    /** How long it waits; null for as long as it takes. */
    @Nullable
    Duration atMost() {
        return atMost;
    }

    @Override
    public Producer createProducer() {
        return new DefaultProducer(this) {
            @Override
            public void process(Exchange exchange) {
                throw new IllegalStateException(
                        "await: waits in a run only, between its steps: in a route whose 'from' is orchestration:NAME");
            }
        };
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("await: brings no messages; signals come over HTTP or from a run");
    }
}
