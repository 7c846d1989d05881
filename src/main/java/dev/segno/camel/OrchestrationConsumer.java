package dev.segno.camel;

import dev.segno.run.Execution;
import dev.segno.run.Orchestration;
import dev.segno.run.Orchestrations;
import dev.segno.run.Payload;
import dev.segno.run.Run;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/** The entry of one version's route: brings a run in, at its start and again after a crash. */
final class OrchestrationConsumer extends DefaultConsumer implements Orchestration, ShutdownAware {

    private static final int RETIRED = -1;

    private final OrchestrationEndpoint endpoint;
    private final OrchestrationComponent component;
    private final String name;
    private final String version;
    private final AtomicInteger runs = new AtomicInteger();

    OrchestrationConsumer(
            OrchestrationEndpoint endpoint,
            Processor processor,
            OrchestrationComponent component,
            String name,
            String version) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.component = component;
        this.name = name;
        this.version = version;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public Options options() {
        return endpoint.options();
    }

    @Override
    public Place place(Payload input, @Nullable String headers) {
        Exchange exchange = createExchange(false);
        try {
            restore(exchange, input, headers);
            return endpoint.place().of(name, exchange);
        } finally {
            releaseExchange(exchange, false);
        }
    }

    @Override
    public OnFailure onFailure(Run run) {
        FailureChoice choice = endpoint.onFailure();
        if (choice.expression() == null) {
            return choice.fixed();
        }
        Exchange exchange = createExchange(false);
        try {
            restore(exchange, run.input(), run.headers());
            return choice.of(exchange);
        } finally {
            releaseExchange(exchange, false);
        }
    }

    private void restore(Exchange exchange, Payload input, @Nullable String headers) {
        component.codec().restore(exchange, input);
        if (headers != null) {
            Json.readObject(headers).forEach(exchange.getMessage()::setHeader);
        }
    }

    /** No run passes through from now on; false while one does. */
    boolean retire() {
        return runs.compareAndSet(0, RETIRED) || isRetired();
    }

    boolean isRetired() {
        return runs.get() == RETIRED;
    }

    private boolean enter() {
        return runs.updateAndGet(count -> count == RETIRED ? RETIRED : count + 1) != RETIRED;
    }

    @Override
    public void execute(Execution execution) {
        if (!enter()) {
            // Retired since the caller looked it up: the version is built again for this run.
            try {
                component.versions().version(name, version).execute(execution);
            } catch (Orchestrations.UnknownVersion e) {
                execution.failed(e);
            }
            return;
        }
        Run run = execution.run();
        Exchange exchange = createExchange(false);
        restore(exchange, run.input(), run.headers());
        RunFrame.of(execution, component.versions().policiesOf(getRoute().getRouteId()))
                .applyTo(exchange);
        getAsyncProcessor().process(exchange, doneSync -> ended(exchange, execution));
    }

    private void ended(Exchange exchange, Execution execution) {
        Throwable failure = exchange.getException();
        ExchangeState.of(exchange).publishAttributes(exchange, execution.attributes());
        if (failure != null) {
            leave(exchange);
            execution.failed(failure);
            return;
        }
        component.codec().record(exchange, execution.id()).whenComplete((output, error) -> {
            leave(exchange);
            if (error == null) {
                execution.completed(output);
            } else {
                execution.failed(Failures.unwrap(error));
            }
        });
    }

    private void leave(Exchange exchange) {
        releaseExchange(exchange, false);
        runs.decrementAndGet();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        component.versions().started(this);
    }

    @Override
    protected void doStop() throws Exception {
        component.versions().stopped(this);
        super.doStop();
    }

    /** The engine suspends its runs before the context stops; Camel must not cut them off in the middle of a step. */
    @Override
    public boolean deferShutdown(ShutdownRunningTask shutdownRunningTask) {
        return true;
    }

    @Override
    public int getPendingExchangesSize() {
        return 0;
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        // Nothing to prepare: see deferShutdown.
    }
}
