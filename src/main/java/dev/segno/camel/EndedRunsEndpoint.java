package dev.segno.camel;

import java.time.ZoneId;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.ScheduledPollEndpoint;

/** {@code from: runs:ended?name=…&zone=…}, with the options of Camel's polling consumers ({@code delay}, …). */
final class EndedRunsEndpoint extends ScheduledPollEndpoint {

    static final String PATH = "ended";

    private final String name;
    private final ZoneId zone;

    EndedRunsEndpoint(String uri, RunsComponent component, String name, ZoneId zone) {
        super(uri, component);
        this.name = name;
        this.zone = zone;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("runs:ended tells of runs; it takes no messages");
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        EndedRunsConsumer consumer = new EndedRunsConsumer(this, processor, (RunsComponent) getComponent(), name, zone);
        configureConsumer(consumer);
        consumer.setStartScheduler(((RunsComponent) getComponent()).isTelling());
        return consumer;
    }
}
