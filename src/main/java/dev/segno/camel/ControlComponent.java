package dev.segno.camel;

import dev.segno.controlplane.ControlOperation;
import dev.segno.controlplane.ControlOperations;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;

/**
 * {@code control:OPERATION}: what the control plane does, for routes that serve it. The body is a JSON object, parameters are
 * headers; the answer is a document in the contract's envelope.
 *
 * <p>Two more serve routes that make an answer of their own: {@code control:reply} puts the body, an object, into the
 * envelope ({@code style} {@code flat}, the default, or {@code wrapped}, with {@code message}, and the names in
 * {@code repeat} on top), and {@code control:refuse} ends the request with an error ({@code status}, {@code code},
 * {@code message}, {@code field}).
 */
final class ControlComponent extends DefaultComponent {

    static final String SCHEME = "control";

    private final ControlOperations operations;

    ControlComponent(CamelContext context, ControlOperations operations) {
        super(context);
        this.operations = operations;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        switch (remaining) {
            case "reply" -> {
                String style = text(parameters, "style", "flat");
                if (!style.equals("flat") && !style.equals("wrapped")) {
                    throw new IllegalArgumentException("control:reply: style is flat or wrapped, not " + style);
                }
                String message = text(parameters, "message", "done");
                String repeat = text(parameters, "repeat", "");
                List<String> repeated = repeat.isEmpty() ? List.of() : List.of(repeat.split("\\s*,\\s*"));
                return new ControlEndpoint(
                        uri, this, new ControlReply(style.equals("wrapped") ? message : null, repeated));
            }
            case "refuse" -> {
                return new ControlEndpoint(uri, this, refusal(parameters));
            }
            default -> {
                ControlOperation operation = operations
                        .find(remaining)
                        .orElseThrow(() -> new IllegalArgumentException("control:" + remaining
                                + " is unknown; there are " + String.join(", ", operations.names())
                                + ", reply and refuse"));
                return new ControlEndpoint(uri, this, operation);
            }
        }
    }

    private ControlOperation refusal(Map<String, Object> parameters) {
        Integer status = getAndRemoveParameter(parameters, "status", Integer.class);
        if (status == null || status < 400 || status > 599) {
            throw new IllegalArgumentException("control:refuse needs the option status, from 400 to 599");
        }
        String field = getAndRemoveParameter(parameters, "field", String.class);
        return new ControlRefusal(
                status,
                text(parameters, "code", "refused"),
                text(parameters, "message", "The request was refused"),
                field);
    }

    private String text(Map<String, Object> parameters, String name, String fallback) {
        String value = getAndRemoveParameter(parameters, name, String.class);
        return value == null ? fallback : value;
    }

    /** One operation, ready to be called. */
    private static final class ControlEndpoint extends DefaultEndpoint {
        private final ControlOperation operation;

        ControlEndpoint(String uri, ControlComponent component, ControlOperation operation) {
            super(uri, component);
            this.operation = operation;
        }

        @Override
        public Producer createProducer() {
            return new ControlProducer(this, operation);
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException("control: does what it is asked; it begins no route");
        }
    }
}
