package dev.segno.camel;

import dev.segno.run.Engine;
import dev.segno.run.Orchestration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * {@code orchestration:NAME}. As consumer it is the entry of a run's route; as producer it starts a run.
 *
 * <p>The engine is asked for late, since it needs the loaded routes first.
 */
public final class OrchestrationComponent extends DefaultComponent {

    public static final String SCHEME = "orchestration";

    private final Supplier<Engine> engine;
    private final RouteVersions versions;
    private final PayloadCodec codec;

    OrchestrationComponent(CamelContext context, Supplier<Engine> engine, RouteVersions versions, PayloadCodec codec) {
        super(context);
        this.engine = engine;
        this.versions = versions;
        this.codec = codec;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        Orchestration.Options options = new Orchestration.Options(
                getAndRemoveParameter(parameters, "singleton", Boolean.class, false),
                option(parameters, "durability", Orchestration.Durability.class, Orchestration.Durability.STRICT),
                option(parameters, "onFailure", Orchestration.OnFailure.class, Orchestration.OnFailure.PARK));
        OrchestrationEndpoint.Mode mode =
                option(parameters, "mode", OrchestrationEndpoint.Mode.class, OrchestrationEndpoint.Mode.ASYNC);
        if (remaining.isBlank()) {
            throw new IllegalArgumentException("orchestration: needs a name, as in orchestration:product-sync");
        }
        return new OrchestrationEndpoint(uri, this, remaining, options, mode);
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
