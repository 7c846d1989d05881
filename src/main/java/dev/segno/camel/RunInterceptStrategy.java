package dev.segno.camel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.CamelContext;
import org.apache.camel.EndpointAware;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * Puts a {@link RunNode} in front of every node of the routes that runs pass through, and takes the redelivery policy
 * out of their error handlers for the steps to carry out. Other routes are left as they are. Thread-safe.
 */
final class RunInterceptStrategy extends LifecycleStrategySupport implements InterceptStrategy {

    private final Map<String, RouteOfRuns> routes = new ConcurrentHashMap<>();
    private final RedeliveryRegister redeliveries = new RedeliveryRegister();
    private final PayloadCodec codec;

    private static final class RouteOfRuns {
        volatile boolean policiesKnown;
        volatile StepPolicies policies = StepPolicies.NONE;
    }

    RunInterceptStrategy(PayloadCodec codec) {
        this.codec = codec;
    }

    /** Declares that runs pass through the route of this id; called before the route is added. */
    void admit(String routeId) {
        routes.putIfAbsent(routeId, new RouteOfRuns());
    }

    /** Forgets a route that was removed. */
    void dismiss(String routeId) {
        routes.remove(routeId);
    }

    /** The policies of an admitted route that was added. */
    StepPolicies policiesOf(String routeId) {
        RouteOfRuns route = routes.get(routeId);
        return route == null ? StepPolicies.NONE : route.policies;
    }

    @Override
    public void onRouteContextCreate(Route route) {
        RouteOfRuns ours = routes.get(route.getRouteId());
        if (ours != null && !ours.policiesKnown && route.getRoute() instanceof RouteDefinition definition) {
            FailureClauses.prepare(route.getCamelContext(), definition);
            ours.policies = StepPolicies.of(route.getCamelContext(), definition, redeliveries);
            ours.policiesKnown = true;
            route.setErrorHandlerFactory(StepPolicies.withoutRedelivery());
            if (FailureClauses.needsOriginalBody(definition)) {
                // Camel keeps it for useOriginalMessage only, and such a clause would fail itself.
                route.setAllowUseOriginalMessage(true);
            }
        }
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode node, Processor target, Processor nextTarget) {
        AsyncProcessor guarded = AddressGuard.guard(
                context, node, target, OutboundGuard.guard(node, AsyncProcessorConverterHelper.convert(target)));
        RouteDefinition route = ProcessorDefinitionHelper.getRoute(node);
        if (route == null || !routes.containsKey(route.getRouteId()) || !(node instanceof ProcessorDefinition)) {
            return guarded;
        }
        RunNodePlan plan = RunNodePlan.of(node);
        if (target instanceof EndpointAware aware && aware.getEndpoint() instanceof AwaitEndpoint await) {
            return new AwaitNode(guarded, plan, await, codec);
        }
        if (target instanceof EndpointAware aware
                && aware.getEndpoint() instanceof RunsComponent.RunsEndpoint runs
                && runs.action() == RunsComponent.Action.CONTINUE) {
            return new ContinueNode(guarded, plan, codec);
        }
        return plan.kind() == RunNodePlan.Kind.STEP
                ? new StepNode(guarded, plan, policiesOf(route.getRouteId()), codec)
                : new RunNode(guarded, plan);
    }
}
