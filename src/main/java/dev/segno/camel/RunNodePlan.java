package dev.segno.camel;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.NamedNode;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.DynamicRouterDefinition;
import org.apache.camel.model.EnrichDefinition;
import org.apache.camel.model.FinallyDefinition;
import org.apache.camel.model.KameletDefinition;
import org.apache.camel.model.LoopDefinition;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.OnCompletionDefinition;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RoutingSlipDefinition;
import org.apache.camel.model.SagaDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.StepDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.TryDefinition;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a node before any exchange comes by: what it is, and where it stands among its route's containers.
 * Immutable.
 *
 * @param nodeId        id that the node has in its file, or was given there by its position
 * @param kind          what the run has to do at it
 * @param parallel      for a container: whether its branches run at the same time
 * @param stopsOnFirst  for a container: whether a failing branch keeps others from being reached
 * @param separate      for a container: whether one of its branches tells nothing about the others, because they run at the
 *                      same time or because they go on when it fails
 * @param triedOnce     whether a failure is handled by the route before a second try
 * @param caught        whether it stands among the steps of a doTry, whose doCatch may take its failure; those of the doCatch do not
 * @param insideStep    whether a step of the same route is around it
 * @param last          for a step: whether no other step can follow in the run
 * @param acts          whether it may change the world
 * @param manyCalls     whether the step around it may call more than once
 * @param entryOf       container whose branch begins with this node; null if none does
 * @param indexProperty where Camel keeps the index of that branch
 * @param firstInRoute  whether a route begins with this node
 * @param begins        handler that begins with this node; null if none does
 * @param handlers      ids of the handlers around it
 */
record RunNodePlan(
        String nodeId,
        Kind kind,
        boolean parallel,
        boolean stopsOnFirst,
        boolean separate,
        boolean triedOnce,
        boolean caught,
        boolean insideStep,
        boolean last,
        boolean acts,
        boolean manyCalls,
        @Nullable String entryOf,
        @Nullable ExchangePropertyKey indexProperty,
        boolean firstInRoute,
        @Nullable Handler begins,
        Set<String> handlers) {

    enum Kind {
        STEP,
        CONTAINER,
        /** A container whose branches begin in the routes that it calls. */
        CALLING_CONTAINER,
        CALL,
        ENDPOINT,
        /** Calls one endpoint after the other, as many as it is told. */
        CALLS,
        SAGA,
        OTHER
    }

    enum HandlerKind {
        ON_EXCEPTION,
        ON_COMPLETION,
        DO_FINALLY
    }

    /** A part of a route that works on what happened. */
    record Handler(HandlerKind kind, String id) {}

    static RunNodePlan of(NamedNode node) {
        ProcessorDefinition<?> definition = (ProcessorDefinition<?>) node;
        Kind kind = kindOf(definition);
        ProcessorDefinition<?> child = definition;
        ProcessorDefinition<?> parent = parentOf(child);
        boolean first = parent != null && isFirst(parent, child);
        while (first && parent instanceof TryDefinition) {
            // Nothing can be put in front of a doTry, so what it begins with stands for it.
            child = parent;
            parent = parentOf(child);
            first = parent != null && isFirst(parent, child);
        }
        boolean entry = parent != null && isContainer(parent) && (first || parent instanceof MulticastDefinition);
        return new RunNodePlan(
                RouteModel.localId(definition),
                kind,
                isParallel(definition),
                isStopping(definition),
                isParallel(definition) || !(definition instanceof LoopDefinition || isStopping(definition)),
                isTriedOnce(definition),
                isCaught(definition),
                around(definition, StepDefinition.class) != null,
                kind == Kind.STEP && RouteModel.isLastStep((StepDefinition) definition),
                EffectOutsideStep.isIn(definition),
                RouteModel.mayCallTwice(definition),
                entry && parent != null ? RouteModel.localId(parent) : null,
                entry && parent != null ? indexProperty(parent) : null,
                parent instanceof RouteDefinition && first,
                first ? handlerOf(parent) : null,
                handlersAround(definition));
    }

    private static Kind kindOf(ProcessorDefinition<?> definition) {
        if (definition instanceof StepDefinition) {
            return Kind.STEP;
        }
        if (definition instanceof RecipientListDefinition) {
            return Kind.CALLING_CONTAINER;
        }
        if (definition instanceof SagaDefinition) {
            return Kind.SAGA;
        }
        if (isContainer(definition)) {
            return Kind.CONTAINER;
        }
        if (definition instanceof ToDynamicDefinition dynamic) {
            return RouteModel.isDirect(dynamic.getUri()) ? Kind.CALL : Kind.ENDPOINT;
        }
        if (definition instanceof ToDefinition to) {
            return RouteModel.isDirect(to.getEndpointUri()) ? Kind.CALL : Kind.ENDPOINT;
        }
        if (definition instanceof RoutingSlipDefinition || definition instanceof DynamicRouterDefinition) {
            return Kind.CALLS;
        }
        return definition instanceof EnrichDefinition || definition instanceof KameletDefinition
                ? Kind.ENDPOINT
                : Kind.OTHER;
    }

    private static boolean isContainer(ProcessorDefinition<?> definition) {
        return definition instanceof SplitDefinition
                || definition instanceof LoopDefinition
                || definition instanceof MulticastDefinition;
    }

    private static @Nullable ExchangePropertyKey indexProperty(ProcessorDefinition<?> container) {
        if (container instanceof SplitDefinition) {
            return ExchangePropertyKey.SPLIT_INDEX;
        }
        return container instanceof LoopDefinition
                ? ExchangePropertyKey.LOOP_INDEX
                : ExchangePropertyKey.MULTICAST_INDEX;
    }

    private static boolean isParallel(ProcessorDefinition<?> definition) {
        String parallel = null;
        if (definition instanceof SplitDefinition split) {
            parallel = split.getParallelProcessing();
        } else if (definition instanceof MulticastDefinition multicast) {
            parallel = multicast.getParallelProcessing();
        } else if (definition instanceof RecipientListDefinition<?> list) {
            parallel = list.getParallelProcessing();
        }
        // A placeholder that is resolved only now may say yes: the stricter reading is the wider scope.
        return parallel != null && !"false".equalsIgnoreCase(parallel);
    }

    private static boolean isStopping(ProcessorDefinition<?> definition) {
        String stop = null;
        if (definition instanceof SplitDefinition split) {
            stop = split.getStopOnException();
        } else if (definition instanceof MulticastDefinition multicast) {
            stop = multicast.getStopOnException();
        } else if (definition instanceof RecipientListDefinition<?> list) {
            stop = list.getStopOnException();
        }
        return stop != null && !"false".equalsIgnoreCase(stop);
    }

    private static boolean isTriedOnce(ProcessorDefinition<?> definition) {
        return around(definition, TryDefinition.class) != null
                || around(definition, OnExceptionDefinition.class) != null
                || around(definition, CatchDefinition.class) != null
                || around(definition, FinallyDefinition.class) != null;
    }

    private static boolean isCaught(ProcessorDefinition<?> definition) {
        ProcessorDefinition<?> child = definition;
        for (ProcessorDefinition<?> at = parentOf(child); at != null; at = parentOf(at)) {
            boolean isClause = child instanceof CatchDefinition || child instanceof FinallyDefinition;
            if (at instanceof TryDefinition doTry
                    && !isClause
                    && !doTry.getCatchClauses().isEmpty()) {
                return true;
            }
            child = at;
        }
        return false;
    }

    /** What a node is as a handler; null if it is none. */
    private static @Nullable Handler handlerOf(@Nullable ProcessorDefinition<?> node) {
        if (node instanceof OnExceptionDefinition) {
            return new Handler(HandlerKind.ON_EXCEPTION, FailureClauses.idOf(node));
        }
        if (node instanceof OnCompletionDefinition) {
            return new Handler(HandlerKind.ON_COMPLETION, RouteModel.localId(node));
        }
        return node instanceof FinallyDefinition ? new Handler(HandlerKind.DO_FINALLY, RouteModel.localId(node)) : null;
    }

    private static Set<String> handlersAround(ProcessorDefinition<?> definition) {
        Set<String> handlers = new HashSet<>();
        for (ProcessorDefinition<?> at = parentOf(definition); at != null; at = parentOf(at)) {
            Handler handler = handlerOf(at);
            if (handler != null) {
                handlers.add(handler.id());
            }
        }
        return Set.copyOf(handlers);
    }

    private static boolean isFirst(ProcessorDefinition<?> parent, ProcessorDefinition<?> child) {
        List<ProcessorDefinition<?>> outputs = parent.getOutputs();
        for (ProcessorDefinition<?> output : outputs) {
            if (!output.isTopLevelOnly()) {
                return output == child;
            }
        }
        return false;
    }

    private static @Nullable ProcessorDefinition<?> parentOf(ProcessorDefinition<?> definition) {
        return definition.getParent();
    }

    private static <T extends ProcessorDefinition<?>> @Nullable T around(
            ProcessorDefinition<?> definition, Class<T> type) {
        return ProcessorDefinitionHelper.findFirstParentOfType(type, definition, true);
    }
}
