package dev.segno.camel;

import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.jspecify.annotations.Nullable;

/**
 * Hands the results of parallel branches to an aggregation strategy in the order of their indexes, whatever order they
 * come in: a streaming split would hand them on as they come, and a replay, whose branches end at once, in another order
 * than the first execution. Keeps back what comes early. Thread-safe.
 */
final class InIndexOrder implements AggregationStrategy {

    private final AggregationStrategy strategy;
    private final ExchangePropertyKey index;
    private final Map<Object, Pending> pending = new WeakHashMap<>();

    /** What one split has in hand. */
    private static final class Pending {
        final TreeMap<Integer, Exchange> early = new TreeMap<>();
        int next;
    }

    InIndexOrder(AggregationStrategy strategy, ExchangePropertyKey index) {
        this.strategy = strategy;
        this.index = index;
    }

    @Override
    public @Nullable Exchange aggregate(@Nullable Exchange oldExchange, Exchange newExchange) {
        return aggregate(oldExchange, newExchange, newExchange);
    }

    @Override
    public synchronized @Nullable Exchange aggregate(
            @Nullable Exchange oldExchange, Exchange newExchange, Exchange inputExchange) {
        Pending mine = pending.computeIfAbsent(inputExchange, input -> new Pending());
        Integer at = newExchange.getProperty(index, Integer.class);
        mine.early.put(at == null ? mine.next : at, newExchange);
        Exchange result = oldExchange;
        while (!mine.early.isEmpty() && mine.early.firstKey() == mine.next) {
            result = strategy.aggregate(result, mine.early.pollFirstEntry().getValue(), inputExchange);
            mine.next++;
        }
        return result;
    }

    @Override
    public synchronized void onCompletion(Exchange exchange, Exchange inputExchange) {
        pending.remove(inputExchange);
        strategy.onCompletion(exchange, inputExchange);
    }
}
