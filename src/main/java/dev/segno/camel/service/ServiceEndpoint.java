package dev.segno.camel.service;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** {@code service:NAME}; for producers only. */
final class ServiceEndpoint extends DefaultEndpoint {

    private final String service;
    private final CallOptions options;
    private final ServiceCalls calls;

    ServiceEndpoint(String uri, ServiceComponent component, String service, CallOptions options, ServiceCalls calls) {
        super(uri, component);
        this.service = service;
        this.options = options;
        this.calls = calls;
    }

    @Override
    public Producer createProducer() {
        return new ServiceProducer(this, service, options, calls);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("service: calls others; it receives nothing");
    }
}
