package dev.segno.camel;

import com.github.f4b6a3.ulid.UlidCreator;
import dev.segno.trigger.Batch;
import dev.segno.trigger.BatchStore;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.spi.OptimisticLockingAggregationRepository;
import org.apache.camel.spi.RecoverableAggregationRepository;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one {@code aggregate} of a route collects, in the store: a message is answered when the batch that it is in is on
 * disk, and a batch that is complete stays until the exchange that it became has ended well. Camel's recovery sends it
 * again otherwise, with the same start key. Together with {@link BatchStrategy}. Safe for use by many threads.
 *
 * <p>Always with optimistic locking: two versions of a route may collect at the same time while one takes over.
 */
final class DurableAggregation implements RecoverableAggregationRepository, OptimisticLockingAggregationRepository {
    private static final Logger LOG = LoggerFactory.getLogger(DurableAggregation.class);

    /** Name under which routes ask for it. */
    static final String NAME = "segnoAggregation";

    /** Property with the id of the batch that an exchange is. */
    static final String BATCH = "SegnoBatch";

    /** Property with the revision of the batch in the store, where it is there. */
    static final String REVISION = "SegnoBatchRevision";

    /** Property of a batch to which a message is just being added. */
    static final String ADDING = "SegnoBatchAdding";

    /** Property of a batch that is complete in the store. */
    static final String STORED = "SegnoBatchStored";

    private static final long RECOVERY_INTERVAL_MS = 5_000;

    private final String scope;
    private final BatchStore store;
    private final PayloadCodec codec;
    private final Clock clock;
    private volatile long recoveryIntervalMs = RECOVERY_INTERVAL_MS;
    private volatile boolean useRecovery = true;

    /** @param scope the aggregate; the same in all versions of its route */
    DurableAggregation(String scope, BatchStore store, PayloadCodec codec, Clock clock) {
        this.scope = scope;
        this.store = store;
        this.codec = codec;
        this.clock = clock;
    }

    @Override
    public @Nullable Exchange get(CamelContext context, String key) {
        return store.collecting(scope, key)
                .map(batch -> exchange(context, batch))
                .orElse(null);
    }

    private Exchange exchange(CamelContext context, Batch batch) {
        Exchange exchange = new DefaultExchange(context);
        exchange.setExchangeId(batch.exchangeId());
        ExchangeDocument.read(batch.content(), exchange, codec);
        exchange.setProperty(BATCH, batch.id());
        exchange.setProperty(REVISION, batch.revision());
        return exchange;
    }

    /** Gives an exchange that begins a batch its id. */
    static void begin(Exchange exchange) {
        exchange.setProperty(BATCH, UlidCreator.getMonotonicUlid().toString());
        exchange.removeProperty(REVISION);
        exchange.removeProperty(ADDING);
    }

    private Batch batch(String key, Exchange exchange, long revision) {
        return new Batch(
                scope,
                exchange.getProperty(BATCH, String.class),
                key,
                exchange.getExchangeId(),
                revision,
                clock.instant(),
                ExchangeDocument.write(exchange, codec));
    }

    private static long revision(Exchange exchange) {
        return exchange.getProperty(REVISION, 0L, Long.class);
    }

    @Override
    public @Nullable Exchange add(CamelContext context, String key, Exchange exchange) {
        if (!await(store.save(batch(key, exchange, revision(exchange) + 1)))) {
            throw new OptimisticLockingException();
        }
        return null;
    }

    @Override
    public @Nullable Exchange add(
            CamelContext context, String key, @Nullable Exchange oldExchange, Exchange newExchange) {
        return add(context, key, newExchange);
    }

    /** A timer waits until the store can write; the sender of a message is told that it cannot. */
    @Override
    public void remove(CamelContext context, String key, Exchange exchange) {
        boolean patient = exchange.getProperty(ADDING) == null;
        Batch leaving = new Batch(
                scope,
                exchange.getProperty(BATCH, String.class),
                key,
                exchange.getExchangeId(),
                revision(exchange),
                clock.instant(),
                new byte[0]);
        if (!await(store.leave(leaving, patient))) {
            throw new OptimisticLockingException();
        }
    }

    /** Writes a batch that is complete, before the sender of its last message is answered. */
    void complete(Exchange exchange) {
        String key = exchange.getProperty(Exchange.AGGREGATED_CORRELATION_KEY, String.class);
        await(store.complete(batch(key, exchange, revision(exchange) + 1)));
        exchange.setProperty(STORED, true);
    }

    @Override
    public void confirm(CamelContext context, String exchangeId) {
        await(store.confirm(scope, exchangeId));
    }

    @Override
    public Set<String> getKeys() {
        try {
            return store.correlations(scope);
        } catch (RuntimeException e) {
            // Camel's timers would end with an exception.
            LOG.warn("What {} collects cannot be read now: {}", scope, e.getMessage());
            return Set.of();
        }
    }

    @Override
    public Set<String> scan(CamelContext context) {
        try {
            return store.complete(scope);
        } catch (RuntimeException e) {
            LOG.warn("The complete batches of {} cannot be read now: {}", scope, e.getMessage());
            return Set.of();
        }
    }

    @Override
    public @Nullable Exchange recover(CamelContext context, String exchangeId) {
        Optional<Batch> found;
        try {
            found = store.complete(scope, exchangeId);
        } catch (RuntimeException e) {
            LOG.warn("{}", e.getMessage());
            return null;
        }
        return found.map(batch -> {
                    Exchange exchange = exchange(context, batch);
                    exchange.setProperty(Exchange.AGGREGATED_CORRELATION_KEY, batch.correlation());
                    if (exchange.getProperty(Exchange.AGGREGATED_COMPLETED_BY) == null) {
                        // A crash came between the last message and its answer: it went out without it.
                        exchange.setProperty(Exchange.AGGREGATED_COMPLETED_BY, "force");
                    } else {
                        exchange.setProperty(STORED, true);
                    }
                    return exchange;
                })
                .orElse(null);
    }

    private static <T> T await(CompletableFuture<T> written) {
        try {
            return written.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    @Override
    @Deprecated
    @SuppressWarnings("InlineMeSuggester") // Camel's to remove
    public void setRecoveryInterval(long interval, TimeUnit unit) {
        setRecoveryInterval(unit.toMillis(interval));
    }

    @Override
    public void setRecoveryInterval(long intervalMs) {
        recoveryIntervalMs = intervalMs;
    }

    @Override
    public long getRecoveryInterval() {
        return recoveryIntervalMs;
    }

    @Override
    public void setUseRecovery(boolean recovers) {
        useRecovery = recovers;
    }

    @Override
    public boolean isUseRecovery() {
        return useRecovery;
    }

    @Override
    public void setDeadLetterUri(@Nullable String deadLetterUri) {
        if (deadLetterUri != null) {
            throw new UnsupportedOperationException(
                    "A batch is sent until it arrives; the run that it starts is parked");
        }
    }

    @Override
    public @Nullable String getDeadLetterUri() {
        return null;
    }

    @Override
    public void setMaximumRedeliveries(int maximumRedeliveries) {
        throw new UnsupportedOperationException("A batch is sent until it arrives; the run that it starts is parked");
    }

    @Override
    public int getMaximumRedeliveries() {
        return 0;
    }
}
