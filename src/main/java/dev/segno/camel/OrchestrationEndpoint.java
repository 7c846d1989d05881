package dev.segno.camel;

import dev.segno.run.Orchestration;
import java.time.Duration;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** {@code orchestration:NAME} for producers, {@code orchestration:NAME@VERSION} for the consumer of a loaded version. */
final class OrchestrationEndpoint extends DefaultEndpoint {

    /** How a producer answers. */
    enum Mode {
        /** As soon as the run is durable, with its id and state. */
        ASYNC,
        /** When the run has ended, with its output; when the time that may be given is up first, as {@link #ASYNC}. */
        SYNC,
        /**
         * With its id and state, as soon as the run has ended or stands, and at the latest after the time that the header
         * {@code wait} says, such as {@code 30s}; without it as soon as the run is durable.
         */
        WAIT
    }

    private final String name;
    private final Orchestration.Options options;
    private final PlaceExpressions place;
    private final FailureChoice onFailure;
    private final Mode mode;
    private final @Nullable Duration most;

    /** @param most how long a {@link Mode#SYNC} producer outside of runs waits; null for as long as the run takes */
    OrchestrationEndpoint(
            String uri,
            OrchestrationComponent component,
            String name,
            Orchestration.Options options,
            PlaceExpressions place,
            FailureChoice onFailure,
            Mode mode,
            @Nullable Duration most) {
        super(uri, component);
        this.name = name;
        this.options = options;
        this.place = place;
        this.onFailure = onFailure;
        this.mode = mode;
        this.most = most;
    }

    @Override
    public Producer createProducer() {
        return new OrchestrationProducer(this, component());
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        int at = name.lastIndexOf(RouteVersions.AT);
        if (at < 0) {
            throw new IllegalArgumentException("orchestration:" + name
                    + " can only be consumed from a file in the routes' directory, which gives it its version");
        }
        String tag = name.substring(at + 1);
        return new OrchestrationConsumer(
                this, processor, component(), name.substring(0, at), RouteVersions.versionOf(tag));
    }

    OrchestrationComponent component() {
        return (OrchestrationComponent) getComponent();
    }

    String name() {
        return name;
    }

    Orchestration.Options options() {
        return options;
    }

    PlaceExpressions place() {
        return place;
    }

    FailureChoice onFailure() {
        return onFailure;
    }

    Mode mode() {
        return mode;
    }

    @Nullable
    Duration most() {
        return most;
    }
}
