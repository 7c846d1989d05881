package dev.segno.camel;

import org.apache.camel.AggregationStrategy;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * The strategy of an {@code aggregate} that collects in the store. It keeps the id of a batch with it, and when the batch is
 * complete it writes it once more, with its last message, before Camel sends it on: Camel itself would keep it in memory
 * from there. The complete batch carries the start key of the run that it is to become. Thread-safe as far as what it
 * stands around is.
 */
final class BatchStrategy extends ServiceSupport implements AggregationStrategy, CamelContextAware {

    private final AggregationStrategy inner;
    private final DurableAggregation batches;
    private @Nullable CamelContext context;

    BatchStrategy(AggregationStrategy inner, DurableAggregation batches) {
        this.inner = inner;
        this.batches = batches;
    }

    @Override
    public Exchange aggregate(@Nullable Exchange oldExchange, Exchange newExchange) {
        Object id = oldExchange == null ? null : oldExchange.getProperty(DurableAggregation.BATCH);
        Object revision = oldExchange == null ? null : oldExchange.getProperty(DurableAggregation.REVISION);
        if (oldExchange != null) {
            oldExchange.setProperty(DurableAggregation.ADDING, true);
        }
        Exchange result = inner.aggregate(oldExchange, newExchange);
        if (result == null) {
            throw new IllegalStateException("The aggregation strategy answered with nothing");
        }
        // What is collected may have been a batch before.
        result.removeProperty(DurableAggregation.STORED);
        if (id == null) {
            DurableAggregation.begin(result);
        } else {
            result.setProperty(DurableAggregation.BATCH, id);
            result.setProperty(DurableAggregation.REVISION, revision);
        }
        return result;
    }

    @Override
    public void onCompletion(Exchange exchange) {
        if (exchange.getProperty(DurableAggregation.STORED) == null) {
            exchange.getMessage()
                    .setHeader(
                            OrchestrationProducer.START_KEY,
                            exchange.getProperty(Exchange.AGGREGATED_CORRELATION_KEY, String.class)
                                    + '/'
                                    + exchange.getProperty(DurableAggregation.BATCH, String.class));
            batches.complete(exchange);
        }
        inner.onCompletion(exchange);
    }

    @Override
    public boolean canPreComplete() {
        return inner.canPreComplete();
    }

    @Override
    public boolean preComplete(Exchange oldExchange, Exchange newExchange) {
        return inner.preComplete(oldExchange, newExchange);
    }

    @Override
    public void timeout(Exchange exchange, int index, int total, long timeoutMs) {
        inner.timeout(exchange, index, total, timeoutMs);
    }

    @Override
    public void onOptimisticLockFailure(Exchange oldExchange, Exchange newExchange) {
        inner.onOptimisticLockFailure(oldExchange, newExchange);
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        context = camelContext;
        CamelContextAware.trySetCamelContext(inner, camelContext);
    }

    @Override
    public @Nullable CamelContext getCamelContext() {
        return context;
    }

    @Override
    protected void doStart() {
        ServiceHelper.startService(inner);
    }

    @Override
    protected void doStop() {
        ServiceHelper.stopService(inner);
    }
}
