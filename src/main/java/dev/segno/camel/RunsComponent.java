package dev.segno.camel;

import dev.segno.run.Engine;
import dev.segno.run.RunState;
import dev.segno.run.WaitTokens;
import dev.segno.trigger.BetweenRuns;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * {@code runs:latest|current|get|list|retry|cancel|signal|token|continue}: reads and manages runs from a route, as data that jq or Simple can shape.
 * {@code from: runs:ended} tells of each run that ends: {@link EndedRunsConsumer}.
 */
public final class RunsComponent extends DefaultComponent {

    public static final String SCHEME = "runs";

    /** What is done with runs. */
    enum Action {
        /** The newest run of {@code orchestration}, with its steps. */
        LATEST,
        /** The run in which the question is asked, with its steps. */
        CURRENT,
        /** The run whose id is given, with its steps; its output as a whole with {@code whole=true}, else up to 64 KiB. */
        GET,
        LIST,
        RETRY,
        CANCEL,
        /** Sends the body as a signal into the run whose id is given. */
        SIGNAL,
        /** The token with which others can signal this run once, at the await whose id is given. */
        TOKEN,
        /** Ends this run, which goes on as a fresh one with the body as its input. */
        CONTINUE
    }

    private final Supplier<Engine> engine;
    private final PayloadCodec codec;
    private final BetweenRoutes betweenRoutes;
    private @Nullable WaitTokens tokens;
    private boolean telling = true;

    RunsComponent(CamelContext context, Supplier<Engine> engine, PayloadCodec codec, BetweenRoutes betweenRoutes) {
        super(context);
        this.engine = engine;
        this.codec = codec;
        this.betweenRoutes = betweenRoutes;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        if (remaining.equals(EndedRunsEndpoint.PATH)) {
            return endedRuns(uri, parameters);
        }
        Action action;
        try {
            action = Action.valueOf(remaining.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "runs:" + remaining
                            + " is unknown; there are runs:latest, current, get, list, retry, cancel, signal, token, continue and ended",
                    e);
        }
        String orchestration = getAndRemoveParameter(parameters, "orchestration", String.class);
        String id = getAndRemoveParameter(parameters, "id", String.class);
        String state = getAndRemoveParameter(parameters, "state", String.class);
        String name = getAndRemoveParameter(parameters, action == Action.TOKEN ? "await" : "name", String.class);
        if (action == Action.TOKEN && name == null) {
            throw new IllegalArgumentException("runs:token needs the option await: the id of the await in this route");
        }
        if (action == Action.SIGNAL && name == null) {
            throw new IllegalArgumentException("runs:signal needs the option name: that of the signal");
        }
        int limit = getAndRemoveParameter(parameters, "limit", Integer.class, 20);
        boolean whole = getAndRemoveParameter(parameters, "whole", Boolean.class, false);
        if (action == Action.LATEST && orchestration == null) {
            throw new IllegalArgumentException("runs:latest needs the option orchestration");
        }
        return new RunsEndpoint(
                uri,
                this,
                action,
                orchestration,
                state == null ? null : RunState.valueOf(state.toUpperCase(Locale.ROOT)),
                id,
                name,
                limit,
                whole);
    }

    private Endpoint endedRuns(String uri, Map<String, Object> parameters) {
        String name = getAndRemoveParameter(parameters, "name", String.class);
        String zone = getAndRemoveParameter(parameters, "zone", String.class);
        if (name == null || zone == null) {
            throw new IllegalArgumentException(
                    "runs:ended needs the options name, under which it is kept how far its reader"
                            + " has come, and zone, in which days end, as in runs:ended?name=daily-report&zone=Europe/Berlin");
        }
        try {
            return new EndedRunsEndpoint(uri, this, name, ZoneId.of(zone.strip()));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("Option zone of runs:ended: '" + zone + "' is no time zone", e);
        }
    }

    BetweenRuns betweenRuns() {
        return betweenRoutes.store();
    }

    /** Nobody is told of ended runs. */
    void beSilent() {
        telling = false;
    }

    boolean isTelling() {
        return telling;
    }

    Engine engine() {
        return engine.get();
    }

    void use(WaitTokens waitTokens) {
        this.tokens = waitTokens;
    }

    WaitTokens tokens() {
        WaitTokens known = tokens;
        if (known == null) {
            throw new IllegalStateException("This process has no secret for tokens");
        }
        return known;
    }

    PayloadCodec codec() {
        return codec;
    }

    /** One of the actions, ready to be called. */
    static final class RunsEndpoint extends DefaultEndpoint {
        private final Action action;
        private final @Nullable String orchestration;
        private final @Nullable RunState state;
        private final @Nullable String id;
        private final @Nullable String name;
        private final int limit;
        private final boolean whole;

        RunsEndpoint(
                String uri,
                RunsComponent component,
                Action action,
                @Nullable String orchestration,
                @Nullable RunState state,
                @Nullable String id,
                @Nullable String name,
                int limit,
                boolean whole) {
            super(uri, component);
            this.action = action;
            this.orchestration = orchestration;
            this.state = state;
            this.id = id;
            this.name = name;
            this.limit = limit;
            this.whole = whole;
        }

        @Override
        public Producer createProducer() {
            return new RunsProducer(this, (RunsComponent) getComponent());
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException(
                    "runs: answers questions; the only one that brings messages is runs:ended");
        }

        Action action() {
            return action;
        }

        @Nullable
        String orchestration() {
            return orchestration;
        }

        @Nullable
        RunState state() {
            return state;
        }

        @Nullable
        String id() {
            return id;
        }

        /** Name of a signal, or id of an await. */
        @Nullable
        String name() {
            return name;
        }

        int limit() {
            return limit;
        }

        /** Whether a run's output is shown however long it is. */
        boolean isWhole() {
            return whole;
        }
    }
}
