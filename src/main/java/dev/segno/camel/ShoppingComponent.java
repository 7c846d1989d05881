package dev.segno.camel;

import dev.segno.camel.yaml.OwnOptions;
import dev.segno.shopping.ShoppingAssistant;
import dev.segno.shopping.ShoppingOperation;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;

/**
 * {@code shopping:OPERATION}: what the shopping assistant does, for routes. The body is a JSON document, parameters are
 * options, as in {@code shopping:enter?stage=SEARCHING}, or headers; the answer is the body that the route goes on with.
 */
final class ShoppingComponent extends DefaultComponent {

    static final String SCHEME = "shopping";

    private final Supplier<ShoppingAssistant> assistant;

    ShoppingComponent(CamelContext context, Supplier<ShoppingAssistant> assistant) {
        super(context);
        this.assistant = assistant;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        ShoppingAssistant known = assistant.get();
        ShoppingOperation operation = known.find(remaining)
                .orElseThrow(() -> new IllegalArgumentException(
                        "shopping:" + remaining + " is unknown; there are " + String.join(", ", known.names())));
        OwnOptions.refuseOthers(SCHEME, remaining, parameters.keySet());
        Map<String, String> options = new HashMap<>();
        parameters.forEach((name, value) -> options.put(name, String.valueOf(value)));
        parameters.clear();
        return new ShoppingEndpoint(uri, this, operation, Map.copyOf(options));
    }

    /** One operation, ready to be called. */
    private static final class ShoppingEndpoint extends DefaultEndpoint {
        private final ShoppingOperation operation;
        private final Map<String, String> options;

        ShoppingEndpoint(
                String uri, ShoppingComponent component, ShoppingOperation operation, Map<String, String> options) {
            super(uri, component);
            this.operation = operation;
            this.options = options;
        }

        @Override
        public Producer createProducer() {
            return new ShoppingProducer(this, operation, options);
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException("shopping: does what it is asked; it begins no route");
        }
    }
}
