package dev.segno.camel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.CamelContext;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.CircuitBreakerDefinition;
import org.apache.camel.model.ConvertBodyDefinition;
import org.apache.camel.model.DynamicRouterDefinition;
import org.apache.camel.model.EnrichDefinition;
import org.apache.camel.model.KameletDefinition;
import org.apache.camel.model.LogDefinition;
import org.apache.camel.model.LoopDefinition;
import org.apache.camel.model.MarshalDefinition;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.OnCompletionDefinition;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.RemoveHeaderDefinition;
import org.apache.camel.model.RemoveHeadersDefinition;
import org.apache.camel.model.RemoveVariableDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RoutesDefinition;
import org.apache.camel.model.RoutingSlipDefinition;
import org.apache.camel.model.SetBodyDefinition;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.model.SetHeadersDefinition;
import org.apache.camel.model.SetVariableDefinition;
import org.apache.camel.model.SetVariablesDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.StepDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.TransformDefinition;
import org.apache.camel.model.TryDefinition;
import org.apache.camel.model.UnmarshalDefinition;
import org.apache.camel.processor.aggregate.UseLatestAggregationStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Prepares the model of a route for runs: gives every node an id that follows from its place in the file, and keeps
 * Camel's error handling out of the bodies of steps.
 */
final class RouteModel {

    /** Divides what makes a node id unique in the context from the id that the node has in its file. */
    static final char LOCAL = '~';

    private RouteModel() {}

    /**
     * Prepares a route whose id is already unique in the context. Doing it again changes nothing.
     *
     * @param route not yet added to a context
     */
    static void prepare(CamelContext context, RouteDefinition route) {
        Map<String, Integer> counts = new HashMap<>();
        Set<String> taken = new HashSet<>();
        claimOwnIds(route.getOutputs(), taken);
        prepare(route.getRouteId(), route.getOutputs(), counts, taken, false);
        keepOrder(context, route.getOutputs());
    }

    /**
     * Gives each route its own copy of the handlers at the top of its file. Camel would share one between the routes, and
     * the steps in it would have one id in all of them. Completions are those of whole runs: no {@code direct:} route has
     * one.
     */
    static void ownHandlers(RoutesDefinition file) {
        for (RouteDefinition route : file.getRoutes()) {
            route.getOutputs().removeAll(file.getOnExceptions());
            route.getOutputs().removeAll(file.getOnCompletions());
            List<ProcessorDefinition<?>> handlers = new ArrayList<>();
            for (OnExceptionDefinition shared : file.getOnExceptions()) {
                OnExceptionDefinition own = shared.copyDefinition();
                own.setRouteScoped(true);
                handlers.add(own);
            }
            if (!isDirect(route.getInput().getEndpointUri())) {
                for (OnCompletionDefinition shared : file.getOnCompletions()) {
                    OnCompletionDefinition own = shared.copyDefinition();
                    own.setRouteScoped(true);
                    handlers.add(own);
                }
            }
            for (ProcessorDefinition<?> handler : handlers) {
                handler.setParent(route);
                adopt(handler);
            }
            route.getOutputs().addAll(0, handlers);
        }
        file.getOnExceptions().clear();
        file.getOnCompletions().clear();
    }

    /** A copy's nodes still name the original as their parent. */
    private static void adopt(ProcessorDefinition<?> parent) {
        for (ProcessorDefinition<?> child : children(parent)) {
            child.setParent(parent);
            adopt(child);
        }
    }

    /** Results of branches that come as they are ready are put into order before they are aggregated. */
    private static void keepOrder(CamelContext context, List<ProcessorDefinition<?>> nodes) {
        for (ProcessorDefinition<?> node : nodes) {
            if (node instanceof SplitDefinition split
                    && isYes(split.getParallelProcessing())
                    && isYes(split.getStreaming())) {
                AggregationStrategy strategy = strategy(context, split.getAggregationStrategy());
                if (strategy != null) {
                    split.setAggregationStrategy(new InIndexOrder(strategy, ExchangePropertyKey.SPLIT_INDEX));
                }
            } else if (node instanceof MulticastDefinition multicast
                    && isYes(multicast.getParallelProcessing())
                    && isYes(multicast.getStreaming())) {
                AggregationStrategy strategy = strategy(context, multicast.getAggregationStrategy());
                multicast.setAggregationStrategy(new InIndexOrder(
                        strategy == null ? new UseLatestAggregationStrategy() : strategy,
                        ExchangePropertyKey.MULTICAST_INDEX));
            } else if (node instanceof RecipientListDefinition<?> list
                    && isYes(list.getParallelProcessing())
                    && isYes(list.getStreaming())) {
                AggregationStrategy strategy = strategy(context, list.getAggregationStrategy());
                list.setAggregationStrategy(new InIndexOrder(
                        strategy == null ? new UseLatestAggregationStrategy() : strategy,
                        ExchangePropertyKey.MULTICAST_INDEX));
            }
            keepOrder(context, children(node));
        }
    }

    private static boolean isYes(@Nullable String flag) {
        return flag != null && !"false".equalsIgnoreCase(flag);
    }

    static @Nullable AggregationStrategy strategy(CamelContext context, @Nullable String reference) {
        if (reference == null) {
            return null;
        }
        String name = reference.startsWith("#") ? reference.substring(1) : reference;
        return context.getRegistry().lookupByNameAndType(name, AggregationStrategy.class);
    }

    /** What a node holds: also the clauses that Camel's YAML reader keeps beside its outputs. */
    static List<ProcessorDefinition<?>> children(ProcessorDefinition<?> node) {
        List<ProcessorDefinition<?>> children = new ArrayList<>(node.getOutputs());
        if (node instanceof TryDefinition doTry) {
            for (CatchDefinition clause : doTry.getCatchClauses()) {
                addOnce(children, clause);
            }
            addOnce(children, doTry.getFinallyClause());
        } else if (node instanceof CircuitBreakerDefinition breaker && breaker.getOnFallback() != null) {
            breaker.getOnFallback().getOutputs().forEach(output -> addOnce(children, output));
        }
        return children;
    }

    private static void addOnce(List<ProcessorDefinition<?>> children, @Nullable ProcessorDefinition<?> child) {
        if (child != null && !children.contains(child)) {
            children.add(child);
        }
    }

    /** The id of a node without what makes it unique in the context. */
    static String localId(ProcessorDefinition<?> node) {
        String id = node.getId() == null ? node.getShortName() : node.getId();
        return id.substring(id.indexOf(LOCAL) + 1);
    }

    static boolean isDirect(@Nullable String uri) {
        return uri != null && uri.startsWith("direct:");
    }

    /**
     * Whether {@code step} is the last node of an orchestration's own route at which something can happen: what comes
     * after it only shapes the message, and nothing is left to do when the run is complete.
     */
    static boolean isLastStep(StepDefinition step) {
        if (!(step.getParent() instanceof RouteDefinition route)
                || route.getInput() == null
                || !route.getInput().getEndpointUri().startsWith(OrchestrationComponent.SCHEME + ':')) {
            return false;
        }
        boolean after = false;
        for (ProcessorDefinition<?> output : route.getOutputs()) {
            if (output instanceof OnCompletionDefinition) {
                return false;
            }
            if (after && !isShaping(output)) {
                return false;
            }
            after |= output == step;
        }
        return after;
    }

    /** Whether the step around {@code endpoint} may call more than one endpoint, or one of them more than once. */
    static boolean mayCallTwice(ProcessorDefinition<?> endpoint) {
        ProcessorDefinition<?> outermost = null;
        for (ProcessorDefinition<?> at = endpoint.getParent(); at != null; at = at.getParent()) {
            if (at instanceof StepDefinition) {
                return outermost != null || callsIn(at) > 1;
            }
            if (repeats(at)) {
                outermost = at;
            }
        }
        // A route that a step calls: how often is not known here.
        return true;
    }

    private static int callsIn(ProcessorDefinition<?> node) {
        int calls = node instanceof ToDefinition
                        || node instanceof ToDynamicDefinition
                        || node instanceof RecipientListDefinition
                        || node instanceof RoutingSlipDefinition
                        || node instanceof DynamicRouterDefinition
                        || node instanceof KameletDefinition
                        || node instanceof EnrichDefinition
                ? 1
                : 0;
        for (ProcessorDefinition<?> output : children(node)) {
            calls += callsIn(output);
        }
        return calls;
    }

    private static boolean repeats(ProcessorDefinition<?> node) {
        return node instanceof SplitDefinition || node instanceof LoopDefinition || node instanceof MulticastDefinition;
    }

    private static boolean isShaping(ProcessorDefinition<?> node) {
        return node instanceof SetBodyDefinition
                || node instanceof SetHeaderDefinition
                || node instanceof SetHeadersDefinition
                || node instanceof SetVariableDefinition
                || node instanceof SetVariablesDefinition
                || node instanceof RemoveHeaderDefinition
                || node instanceof RemoveHeadersDefinition
                || node instanceof RemoveVariableDefinition
                || node instanceof TransformDefinition
                || node instanceof ConvertBodyDefinition
                || node instanceof MarshalDefinition
                || node instanceof UnmarshalDefinition
                || node instanceof LogDefinition;
    }

    private static void claimOwnIds(List<ProcessorDefinition<?>> nodes, Set<String> taken) {
        for (ProcessorDefinition<?> node : nodes) {
            if (node.getId() != null) {
                taken.add(localId(node));
            }
            claimOwnIds(children(node), taken);
        }
    }

    private static void prepare(
            String routeId,
            List<ProcessorDefinition<?>> nodes,
            Map<String, Integer> counts,
            Set<String> taken,
            boolean insideStep) {
        for (ProcessorDefinition<?> node : nodes) {
            // A choice hands an id on to what stands in it; keys do not need one of its own.
            boolean handsOn = node instanceof ChoiceDefinition;
            if (!handsOn && (node.getId() == null || node.getId().indexOf(LOCAL) < 0)) {
                String local = node.getId() == null ? positionalId(node, counts, taken) : node.getId();
                node.setId(routeId + LOCAL + local);
            }
            if (insideStep) {
                // The step owns the tries: an error handler in its body would try, or handle, behind its back.
                node.setInheritErrorHandler(false);
            }
            boolean breaker = node instanceof CircuitBreakerDefinition;
            prepare(routeId, children(node), counts, taken, (insideStep || node instanceof StepDefinition) && !breaker);
        }
    }

    private static String positionalId(ProcessorDefinition<?> node, Map<String, Integer> counts, Set<String> taken) {
        String base = node.getShortName();
        if (node instanceof ToDefinition to && isDirect(to.getEndpointUri())) {
            // A call reads best by the name of what it calls.
            String name = to.getEndpointUri().substring("direct:".length());
            int end = name.indexOf(RouteVersions.AT);
            base = end < 0 ? name : name.substring(0, end);
        }
        String id;
        do {
            int count = counts.merge(base, 1, Integer::sum);
            id = count == 1 ? base : base + '-' + count;
        } while (!taken.add(id));
        return id;
    }
}
