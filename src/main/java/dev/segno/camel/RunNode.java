package dev.segno.camel;

import dev.segno.run.Execution;
import dev.segno.run.Scopes;
import dev.segno.run.StepKey;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Stands in front of a node that runs pass through: keeps the exchange's {@link RunFrame} true, and ends the exchange
 * when its run goes no further.
 */
public class RunNode extends DelegateAsyncProcessor {

    /** Exchange property with the idempotency key of the call that is being made. */
    public static final String IDEMPOTENCY_KEY = "SegnoIdempotencyKey";

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
        return switch (plan.kind()) {
            case CONTAINER, CALLING_CONTAINER -> processContainer(exchange, callback, frame);
            case CALL -> processInside(exchange, callback, frame, frame.call(plan));
            case ENDPOINT -> processEndpoint(exchange, callback, frame);
            case STEP, OTHER -> super.process(exchange, callback);
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
        RunNodePlan.Handler handler = plan.handler();
        if (handler == null || handler.kind() == RunNodePlan.HandlerKind.DO_CATCH) {
            while (frame.kind() == RunFrame.Kind.HANDLER) {
                // A clause with `continued` let the route go on behind the node that failed.
                frame = frame.outer();
            }
        }
        if (handler != null && plan.firstInClause()) {
            frame = beginHandler(frame, handler);
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

    private RunFrame beginHandler(RunFrame frame, RunNodePlan.Handler handler) {
        Execution execution = frame.execution();
        return switch (handler.kind()) {
            case DO_CATCH -> {
                execution.failureTaken(frame.scope(), handler.id());
                yield frame;
            }
            case ON_EXCEPTION -> {
                execution.failureTaken(frame.scope(), handler.id());
                int retry = execution.retryOfFailure(frame.scope());
                yield frame.handler(plan, Scopes.ON_EXCEPTION + '[' + retry + ']');
            }
            case ON_COMPLETION -> frame.handler(plan, Scopes.ON_COMPLETION);
        };
    }

    private boolean processContainer(Exchange exchange, AsyncCallback callback, RunFrame frame) {
        if (!plan.stopsOnFirst()) {
            return processInside(exchange, callback, frame, frame.open(plan));
        }
        return processInside(
                exchange,
                doneSync -> {
                    if (exchange.getException() != null) {
                        frame.execution().skipBranches(Scopes.child(frame.scope(), plan.nodeId()));
                    }
                    callback.done(doneSync);
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
        StepKey step = frame.step();
        if (step != null) {
            exchange.setProperty(IDEMPOTENCY_KEY, idempotencyKey(frame, step));
        }
        return super.process(exchange, callback);
    }

    private String idempotencyKey(RunFrame frame, StepKey step) {
        String key = frame.execution().id() + '/' + step;
        if (!plan.manyCalls()) {
            return key;
        }
        // The scope continues the step's key by the containers and calls between the step and this call.
        return frame.execution().id() + '/' + frame.scope() + '/' + plan.nodeId();
    }
}
