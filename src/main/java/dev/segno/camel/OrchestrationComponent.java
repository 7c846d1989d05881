package dev.segno.camel;

import dev.segno.control.Settings;
import dev.segno.run.Engine;
import dev.segno.run.Limits;
import dev.segno.run.Limits.Rate;
import dev.segno.run.Limits.WhenBusy;
import dev.segno.run.Orchestration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/**
 * {@code orchestration:NAME}. As consumer it is the entry of a run's route; as producer it starts a run.
 *
 * <p>The engine is asked for late, since it needs the loaded routes first.
 */
public final class OrchestrationComponent extends DefaultComponent {

    public static final String SCHEME = "orchestration";

    /** As many runs of one key are queued, where an orchestration does not say otherwise. */
    private static final int MOST_QUEUED = 1_000;

    private final Supplier<Engine> engine;
    private final RouteVersions versions;
    private final PayloadCodec codec;
    private volatile StartTrail trail = (caller, trigger, orchestration, runId, requestId) -> {};

    OrchestrationComponent(CamelContext context, Supplier<Engine> engine, RouteVersions versions, PayloadCodec codec) {
        super(context);
        this.engine = engine;
        this.versions = versions;
        this.codec = codec;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        boolean singleton = getAndRemoveParameter(parameters, "singleton", Boolean.class, false);
        FailureChoice onFailure =
                FailureChoice.of(getCamelContext(), getAndRemoveParameter(parameters, "onFailure", String.class));
        Orchestration.Options options = new Orchestration.Options(
                singleton,
                option(parameters, "durability", Orchestration.Durability.class, Orchestration.Durability.STRICT),
                onFailure.fixed(),
                limits(parameters, singleton));
        PlaceExpressions place = PlaceExpressions.of(
                getCamelContext(),
                getAndRemoveParameter(parameters, "concurrencyKey", String.class),
                getAndRemoveParameter(parameters, "priority", String.class));
        OrchestrationEndpoint.Mode mode =
                option(parameters, "mode", OrchestrationEndpoint.Mode.class, OrchestrationEndpoint.Mode.ASYNC);
        String most = getAndRemoveParameter(parameters, "wait", String.class);
        if (most != null && mode == OrchestrationEndpoint.Mode.ASYNC) {
            throw new IllegalArgumentException(
                    "Option wait of orchestration: says how long mode=sync waits; set that too");
        }
        if (remaining.isBlank()) {
            throw new IllegalArgumentException("orchestration: needs a name, as in orchestration:product-sync");
        }
        return new OrchestrationEndpoint(
                uri,
                this,
                remaining,
                options,
                place,
                onFailure,
                mode,
                most == null ? null : Settings.durationOf("wait", most));
    }

    private Limits limits(Map<String, Object> parameters, boolean singleton) {
        boolean keyed = parameters.containsKey("concurrencyKey");
        Rate rate = rate(getAndRemoveParameter(parameters, "rate", String.class));
        Integer most = getAndRemoveParameter(parameters, "maxConcurrent", Integer.class);
        if (most == null) {
            most = keyed && rate == null ? 1 : Limits.UNLIMITED;
        }
        int maxQueued = getAndRemoveParameter(parameters, "maxQueued", Integer.class, MOST_QUEUED);
        String deadline = getAndRemoveParameter(parameters, "deadline", String.class);
        WhenBusy whenBusy =
                option(parameters, "whenBusy", WhenBusy.class, singleton ? WhenBusy.REJECT : WhenBusy.QUEUE);
        if (most < 1 || maxQueued < 0) {
            throw new IllegalArgumentException("maxConcurrent must be at least 1, and maxQueued at least 0");
        }
        if (singleton && whenBusy == WhenBusy.QUEUE) {
            throw new IllegalArgumentException("A singleton cannot be queued: it refuses or joins. Use maxConcurrent=1"
                    + " instead, which lets go of its place while its run waits");
        }
        return new Limits(
                most, whenBusy, maxQueued, rate, deadline == null ? null : Settings.durationOf("deadline", deadline));
    }

    private static @Nullable Rate rate(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String[] parts = text.strip().split("\\s*/\\s*", 2);
        if (parts.length < 2 || !parts[0].matches("[1-9][0-9]{0,6}")) {
            throw new IllegalArgumentException(
                    "Option rate of orchestration: is '" + text + "'; write runs per time, as in 10/1m");
        }
        return new Rate(Integer.parseInt(parts[0]), Settings.durationOf("rate", parts[1]));
    }

    void use(StartTrail told) {
        trail = told;
    }

    StartTrail trail() {
        return trail;
    }

    Engine engine() {
        return engine.get();
    }

    RouteVersions versions() {
        return versions;
    }

    PayloadCodec codec() {
        return codec;
    }

    private <T extends Enum<T>> T option(Map<String, Object> parameters, String name, Class<T> type, T otherwise) {
        String text = getAndRemoveParameter(parameters, name, String.class);
        if (text == null) {
            return otherwise;
        }
        for (T value : type.getEnumConstants()) {
            if (value.name().equalsIgnoreCase(text.trim())) {
                return value;
            }
        }
        throw new IllegalArgumentException("Option " + name + " of orchestration: is '" + text + "'; it can be one of "
                + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT));
    }
}
