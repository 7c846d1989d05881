package dev.segno.camel;

import dev.segno.run.Execution;
import dev.segno.run.LogIds;
import dev.segno.run.Scopes;
import dev.segno.run.StepKey;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.processor.PipelineHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands in front of a node that runs pass through: keeps the exchange's {@link RunFrame} true, and ends the exchange
 * when its run goes no further.
 */
public class RunNode extends DelegateAsyncProcessor {

    private static final Logger LOG = LoggerFactory.getLogger(RunNode.class);

    /** Exchange property with the idempotency key of the node that makes a call. */
    private static final String IDEMPOTENCY_KEY = "SegnoIdempotencyKey";

    /** Exchange property with the number of calls that a node has made which makes several, one after the other. */
    private static final String CALLS = "SegnoCalls";

    /** Exchange property with the id of the saga that is being entered. */
    private static final String SAGA_NODE = "SegnoSagaNode";

    protected final RunNodePlan plan;

    RunNode(AsyncProcessor target, RunNodePlan plan) {
        super(target);
        this.plan = plan;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        RunFrame at = RunFrame.current(exchange);
        if (at == null) {
            return super.process(exchange, callback);
        }
        if (at.execution().isStopped()) {
            RunStopped.mark(exchange);
            callback.done(true);
            return true;
        }
        RunFrame frame = enter(exchange, at);
        try (LogIds.Scope ids = LogIds.enter(frame.execution(), frame.step())) {
            return process(exchange, frame, frame.step() == null ? callback : insideStep(exchange, callback));
        }
    }

    /** Id of the saga that is being entered. */
    static String sagaNode(Exchange exchange) {
        return exchange.getProperty(SAGA_NODE, "saga", String.class);
    }

    private boolean process(Exchange exchange, RunFrame frame, AsyncCallback callback) {
        if (plan.acts() && frame.execution().isRehearsal()) {
            frame.execution().wouldCall(plan.nodeId());
            RunStopped.mark(exchange);
            callback.done(true);
            return true;
        }
        return switch (plan.kind()) {
            case CONTAINER -> processContainer(exchange, callback, frame);
            case CALLING_CONTAINER -> {
                setKey(exchange, frame);
                yield processContainer(exchange, callback, frame);
            }
            case CALL -> processInside(exchange, callback, frame, frame.call(plan));
            case ENDPOINT, CALLS -> processEndpoint(exchange, callback, frame);
            case SAGA -> {
                exchange.setProperty(SAGA_NODE, plan.nodeId());
                yield processInside(exchange, callback, frame, frame);
            }
            case STEP, OTHER -> super.process(exchange, callback);
        };
    }

    /**
     * A failure inside a step belongs to the step, which tries again or lets the route handle it. For the error handlers
     * in between, those of routes that the step calls, there is nothing left to do.
     */
    protected static AsyncCallback insideStep(Exchange exchange, AsyncCallback callback) {
        return doneSync -> {
            if (exchange.getException() != null) {
                exchange.getExchangeExtension().setRedeliveryExhausted(true);
            }
            callback.done(doneSync);
        };
    }

    /** The frame in which this node stands, given the one that the exchange came with. */
    protected final RunFrame enter(Exchange exchange, RunFrame at) {
        RunFrame frame = at;
        if (plan.entryOf() != null) {
            frame = branchOf(exchange, frame);
        } else if (plan.firstInRoute() && isUnresolvedCall(frame)) {
            Integer index = exchange.getProperty(Exchange.MULTICAST_INDEX, Integer.class);
            frame = (frame.kind() == RunFrame.Kind.BRANCH ? frame.outer() : frame).branch(index == null ? 0 : index);
        }
        while (frame.kind() == RunFrame.Kind.HANDLER && !plan.handlers().contains(frame.handlerId())) {
            // The handler is done, and the route goes on behind it.
            frame = frame.outer();
        }
        RunNodePlan.Handler begins = plan.begins();
        if (begins != null) {
            frame = beginHandler(exchange, frame, begins);
        }
        if (frame != at) {
            frame.applyTo(exchange);
        }
        return frame;
    }

    private RunFrame branchOf(Exchange exchange, RunFrame at) {
        RunFrame container = at;
        while (!isContainer(container)) {
            container = container.outer();
        }
        Integer index = exchange.getProperty(plan.indexProperty(), Integer.class);
        return container.branch(index == null ? 0 : index);
    }

    private boolean isContainer(RunFrame frame) {
        return frame.kind() == RunFrame.Kind.ROUTE
                || (frame.kind() == RunFrame.Kind.CONTAINER
                        && frame.opener().nodeId().equals(plan.entryOf()));
    }

    private static boolean isUnresolvedCall(RunFrame frame) {
        return (frame.kind() == RunFrame.Kind.CONTAINER || frame.kind() == RunFrame.Kind.BRANCH)
                && frame.opener().kind() == RunNodePlan.Kind.CALLING_CONTAINER;
    }

    private RunFrame beginHandler(Exchange exchange, RunFrame frame, RunNodePlan.Handler handler) {
        Execution execution = frame.execution();
        String scope = frame.scope();
        Throwable caught = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
        return switch (handler.kind()) {
            case ON_EXCEPTION ->
                frame.handler(handler.id(), execution.beginHandler(scope, Scopes.ON_EXCEPTION, handler.id(), caught));
            case ON_COMPLETION -> {
                Throwable pending = execution.isFailurePending(caught) ? caught : null;
                yield frame.handler(handler.id(), execution.beginHandler(scope, Scopes.ON_COMPLETION, null, pending));
            }
            case DO_FINALLY ->
                // Without a failure to wait for, what stands in a doFinally is a part of the route like any other.
                execution.isFailurePending(caught)
                        ? frame.handler(handler.id(), execution.beginHandler(scope, Scopes.DO_FINALLY, null, caught))
                        : frame;
        };
    }

    private boolean processContainer(Exchange exchange, AsyncCallback callback, RunFrame frame) {
        if (!plan.stopsOnFirst() && !plan.parallel()) {
            return processInside(exchange, callback, frame, frame.open(plan));
        }
        return processInside(
                exchange,
                doneSync -> {
                    if (PipelineHelper.continueProcessing(exchange, "", LOG)) {
                        callback.done(doneSync);
                    } else {
                        frame.execution()
                                .abandonBranches(
                                        Scopes.child(frame.scope(), plan.nodeId()), () -> callback.done(false));
                    }
                },
                frame,
                frame.open(plan));
    }

    private boolean processInside(Exchange exchange, AsyncCallback callback, RunFrame outside, RunFrame inside) {
        inside.applyTo(exchange);
        return super.process(exchange, doneSync -> {
            outside.applyTo(exchange);
            callback.done(doneSync);
        });
    }

    private boolean processEndpoint(Exchange exchange, AsyncCallback callback, RunFrame frame) {
        setKey(exchange, frame);
        return super.process(exchange, callback);
    }

    /** Outside of a step there is no key; one that an earlier step left behind must not be taken for its own. */
    private void setKey(Exchange exchange, RunFrame frame) {
        StepKey step = frame.step();
        exchange.setProperty(IDEMPOTENCY_KEY, step == null ? null : keyOf(frame, step));
        exchange.setProperty(CALLS, plan.kind() == RunNodePlan.Kind.CALLS ? 0 : null);
    }

    private String keyOf(RunFrame frame, StepKey step) {
        // The scope continues the step's key by the containers and calls between the step and this call.
        String place = plan.manyCalls() ? Scopes.child(frame.scope(), plan.nodeId()) : step.path();
        int retry = frame.execution().editedBy(step);
        // With edited input it is another request, which the peer must not take for the one that it has seen.
        return frame.execution().id() + '/' + place + (retry == 0 ? "" : "#r" + retry);
    }

    /** The run that an exchange belongs to; null for none. */
    public static @Nullable String runOf(Exchange exchange) {
        RunFrame frame = RunFrame.current(exchange);
        return frame == null ? null : frame.execution().id();
    }

    /** The step that an exchange is in; null outside of steps. */
    public static @Nullable StepKey stepOf(Exchange exchange) {
        RunFrame frame = RunFrame.current(exchange);
        return frame == null ? null : frame.step();
    }

    /** How long the step around may take until its run has to be over; empty where it may take its time. */
    public static Optional<Duration> timeLeft(Exchange exchange) {
        RunFrame frame = RunFrame.current(exchange);
        return frame == null || frame.step() == null
                ? Optional.empty()
                : frame.execution().timeLeft(frame.step());
    }

    /**
     * The idempotency key of the call that is being made, the same on each attempt and after a crash: the key of the step
     * and, where it may call more than once, the place of the call in it. Null outside of steps. Asked for once per call.
     */
    public static @Nullable String idempotencyKey(Exchange exchange) {
        String key = exchange.getProperty(IDEMPOTENCY_KEY, String.class);
        if (key == null) {
            return null;
        }
        RunFrame frame = RunFrame.current(exchange);
        if (frame != null && isUnresolvedCall(frame)) {
            return key + '[' + exchange.getProperty(ExchangePropertyKey.MULTICAST_INDEX, 0, Integer.class) + ']';
        }
        Integer calls = exchange.getProperty(CALLS, Integer.class);
        if (calls == null) {
            return key;
        }
        exchange.setProperty(CALLS, calls + 1);
        return key + '[' + calls + ']';
    }
}
