package dev.segno.camel;

import dev.segno.run.Execution;
import dev.segno.run.Scopes;
import dev.segno.run.StepKey;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Where an exchange stands in its run: which containers, calls and steps are around it. Travels as a property of the
 * exchange, is copied with it to the branches of a split, and is put back when a container or call is done. Immutable.
 */
final class RunFrame {

    /** Name of the exchange property. */
    static final String PROPERTY = "SegnoFrame";

    /** What a frame stands for. */
    enum Kind {
        ROUTE,
        /** A container was entered, but none of its branches yet. */
        CONTAINER,
        /** One branch or iteration of a container. */
        BRANCH,
        /** A call of another route of the file. */
        CALL,
        /** The body of a step. */
        STEP,
        /** An error handler or completion. */
        HANDLER
    }

    private final Execution execution;
    private final StepPolicies policies;
    private final Kind kind;
    private final @Nullable RunFrame parent;
    private final String scope;
    private final String sequentialScope;
    private final @Nullable StepKey step;
    private final boolean triedOnce;
    private final boolean caught;
    private final @Nullable RunNodePlan opener;
    private final @Nullable String handlerId;

    private RunFrame(
            Execution execution,
            StepPolicies policies,
            Kind kind,
            @Nullable RunFrame parent,
            String scope,
            String sequentialScope,
            @Nullable StepKey step,
            boolean triedOnce,
            boolean caught,
            @Nullable RunNodePlan opener,
            @Nullable String handlerId) {
        this.execution = execution;
        this.policies = policies;
        this.kind = kind;
        this.parent = parent;
        this.scope = scope;
        this.sequentialScope = sequentialScope;
        this.step = step;
        this.triedOnce = triedOnce;
        this.caught = caught;
        this.opener = opener;
        this.handlerId = handlerId;
    }

    /**
     * The frame of a run's own route.
     *
     * @param policies those of that route, for steps in routes that declare none
     */
    static RunFrame of(Execution execution, StepPolicies policies) {
        return new RunFrame(execution, policies, Kind.ROUTE, null, "", "", null, false, false, null, null);
    }

    /** The frame of an exchange, or null when it belongs to no run. */
    static @Nullable RunFrame current(Exchange exchange) {
        return exchange.getProperty(PROPERTY, RunFrame.class);
    }

    void applyTo(Exchange exchange) {
        exchange.setProperty(PROPERTY, this);
    }

    /** {@code container} was entered here. */
    RunFrame open(RunNodePlan container) {
        return new RunFrame(
                execution,
                policies,
                Kind.CONTAINER,
                this,
                scope,
                sequentialScope,
                step,
                triedOnce,
                caught,
                container,
                null);
    }

    /** Branch {@code index} of the container whose frame this is. */
    RunFrame branch(int index) {
        RunNodePlan container = opener();
        String inside = Scopes.child(scope, container.nodeId() + '[' + index + ']');
        return new RunFrame(
                execution,
                policies,
                Kind.BRANCH,
                this,
                inside,
                container.separate() ? inside : sequentialScope,
                step,
                triedOnce,
                caught,
                container,
                null);
    }

    /** Another route of the file is called here. */
    RunFrame call(RunNodePlan caller) {
        String inside = Scopes.child(scope, caller.nodeId());
        return new RunFrame(
                execution,
                policies,
                Kind.CALL,
                this,
                inside,
                sequentialScope,
                step,
                triedOnce || caller.triedOnce(),
                caught || caller.caught(),
                caller,
                null);
    }

    /** The body of a step. */
    RunFrame inside(StepKey key) {
        return new RunFrame(
                execution, policies, Kind.STEP, this, key.path(), sequentialScope, key, triedOnce, caught, null, null);
    }

    /** A handler works here on what happened. */
    RunFrame handler(String handlerId, String segment) {
        return new RunFrame(
                execution,
                policies,
                Kind.HANDLER,
                this,
                Scopes.child(scope, segment),
                sequentialScope,
                step,
                true,
                caught,
                null,
                handlerId);
    }

    Execution execution() {
        return execution;
    }

    /** Policies of the run's own route. */
    StepPolicies policies() {
        return policies;
    }

    Kind kind() {
        return kind;
    }

    String scope() {
        return scope;
    }

    String sequentialScope() {
        return sequentialScope;
    }

    /** The innermost step around; null between steps. */
    @Nullable
    StepKey step() {
        return step;
    }

    /** Whether a step here is tried once only, because the route itself deals with failures here. */
    boolean triedOnce() {
        return triedOnce;
    }

    /** Whether a doTry is around, whose doCatch may take a failure that comes from here. */
    boolean caught() {
        return caught;
    }

    /** The handler whose frame this is. */
    @Nullable
    String handlerId() {
        return handlerId;
    }

    RunNodePlan opener() {
        if (opener == null) {
            throw new IllegalStateException("A frame of kind " + kind + " was opened by no node");
        }
        return opener;
    }

    /** The frame around this one; a route's own frame has none and is returned itself. */
    RunFrame outer() {
        return parent == null ? this : parent;
    }
}
