package dev.segno.camel;

import dev.segno.trigger.BetweenRuns;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.CamelContext;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.IdempotentConsumerDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.StepDefinition;
import org.apache.camel.processor.aggregate.OptimisticLockRetryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Gives the {@code aggregate} and {@code idempotentConsumer} EIPs of routes their places in the store, where they ask for
 * {@code #segnoAggregation} and {@code #segnoIdempotent}: each one its own, which all versions of its route share. Used by
 * one thread at a time.
 */
final class BetweenRoutes {

    private final PayloadCodec codec;
    private final Clock clock;
    private final Map<String, SeenMessages> seen = new ConcurrentHashMap<>();
    private @Nullable BetweenRuns store;
    private Duration keepKeys = Duration.ofDays(7);

    BetweenRoutes(PayloadCodec codec, Clock clock) {
        this.codec = codec;
        this.clock = clock;
    }

    /** @param keep how long the key of a message counts */
    void use(BetweenRuns betweenRuns, Duration keep) {
        betweenRuns.batches().reopen().join();
        store = betweenRuns;
        keepKeys = keep;
    }

    /** What was given to {@link #use}. */
    BetweenRuns store() {
        BetweenRuns known = store;
        if (known == null) {
            throw new IllegalStateException("This process keeps nothing between runs");
        }
        return known;
    }

    /**
     * Prepares a route that is not yet added to a context, and has the id of its version. Doing it again changes nothing.
     *
     * @throws IllegalArgumentException when an option makes a promise that cannot be kept
     */
    void prepare(CamelContext context, RouteDefinition route) {
        String id = route.getRouteId();
        int at = id.indexOf(RouteVersions.AT);
        prepare(context, at < 0 ? id : id.substring(0, at), route.getOutputs(), new HashMap<>(), false);
    }

    private void prepare(
            CamelContext context,
            String route,
            List<ProcessorDefinition<?>> nodes,
            Map<String, Integer> counts,
            boolean insideStep) {
        for (ProcessorDefinition<?> node : nodes) {
            if (node instanceof AggregateDefinition aggregate) {
                String scope = scope(route, node, counts);
                if (names(aggregate.getAggregationRepository(), DurableAggregation.NAME)) {
                    aggregation(context, aggregate, scope);
                }
            } else if (node instanceof IdempotentConsumerDefinition consumer) {
                String scope = scope(route, node, counts);
                if (names(consumer.getIdempotentRepository(), SeenMessages.NAME)) {
                    idempotence(consumer, scope, insideStep);
                }
            }
            prepare(context, route, RouteModel.children(node), counts, insideStep || node instanceof StepDefinition);
        }
    }

    private static boolean names(@Nullable String reference, String bean) {
        return reference != null && reference.replaceFirst("^#(bean:)?", "").equals(bean);
    }

    private static String scope(String route, ProcessorDefinition<?> node, Map<String, Integer> counts) {
        if (node.getId() != null) {
            return route + '/' + RouteModel.localId(node);
        }
        int count = counts.merge(node.getShortName(), 1, Integer::sum);
        return route + '/' + node.getShortName() + (count == 1 ? "" : "-" + count);
    }

    private void aggregation(CamelContext context, AggregateDefinition aggregate, String scope) {
        if (aggregate.getAggregationRepositoryBean() != null) {
            return;
        }
        AggregationStrategy strategy = aggregate.getAggregationStrategyBean() == null
                ? RouteModel.strategy(context, aggregate.getAggregationStrategy())
                : aggregate.getAggregationStrategyBean();
        if (strategy == null) {
            throw new IllegalArgumentException(
                    "The aggregate " + scope + " needs an aggregationStrategy that there is, such as '#collectBodies'");
        }
        DurableAggregation batches = new DurableAggregation(scope, store().batches(), codec, clock);
        aggregate.setAggregationRepository(batches);
        aggregate.setAggregationStrategy(new BatchStrategy(strategy, batches));
        aggregate.setOptimisticLocking("true");
        // Whoever comes second has waited for the disk by then; a longer rest would only be handed to another thread.
        aggregate.setOptimisticLockRetryPolicy(new OptimisticLockRetryPolicy().retryDelay(0));
    }

    private void idempotence(IdempotentConsumerDefinition consumer, String scope, boolean insideStep) {
        if ("false".equalsIgnoreCase(consumer.getEager())) {
            throw new IllegalArgumentException("The idempotentConsumer " + scope
                    + " has eager: false, which lets two copies through that come at once; remove it");
        }
        if ("false".equalsIgnoreCase(consumer.getRemoveOnFailure())) {
            throw new IllegalArgumentException("The idempotentConsumer " + scope
                    + " has removeOnFailure: false, but a message that failed has not been dealt with; remove it");
        }
        if (insideStep) {
            // The exchange of a run may be given up and made again; the key counts from the end of the block.
            consumer.setCompletionEager("true");
        }
        consumer.setIdempotentRepository(Objects.requireNonNull(
                seen.computeIfAbsent(scope, name -> new SeenMessages(name, store().seenKeys(), clock, keepKeys))));
    }
}
