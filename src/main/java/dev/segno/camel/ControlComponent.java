package dev.segno.camel;

import dev.segno.camel.yaml.OwnOptions;
import dev.segno.controlplane.ControlOperation;
import dev.segno.controlplane.ControlOperations;
import dev.segno.controlplane.ControlRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;

/**
 * {@code control:OPERATION}: what the control plane does, for routes that serve it. The body is a JSON object, parameters are
 * headers or options, as in {@code control:publish-event?event_type=ingestion.completed}; the answer is a document in the contract's envelope.
 *
 * <p>Two more serve routes that make an answer of their own: {@code control:reply} puts the body, an object, into the
 * envelope ({@code style} {@code flat}, the default, or {@code wrapped}, with {@code message}, the names in
 * {@code repeat} on top, and only the member {@code data} under {@code data}), and {@code control:refuse} ends the request with an error ({@code status}, {@code code},
 * {@code message}, {@code field}).
 */
final class ControlComponent extends DefaultComponent {

    static final String SCHEME = "control";

    private final Supplier<ControlOperations> operations;

    ControlComponent(CamelContext context, Supplier<ControlOperations> operations) {
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
                        uri,
                        this,
                        new ControlReply(
                                style.equals("wrapped") ? message : null,
                                getAndRemoveParameter(parameters, "data", String.class),
                                repeated));
            }
            case "refuse" -> {
                return new ControlEndpoint(uri, this, refusal(parameters));
            }
            default -> {
                ControlOperations known = operations.get();
                ControlOperation operation = known.find(remaining)
                        .orElseThrow(() -> new IllegalArgumentException("control:" + remaining
                                + " is unknown; there are " + String.join(", ", known.names())
                                + ", reply and refuse"));
                OwnOptions.refuseOthers(SCHEME, remaining, parameters.keySet());
                Map<String, String> fixed = new HashMap<>();
                parameters.forEach((name, value) -> fixed.put(name, String.valueOf(value)));
                parameters.clear();
                return new ControlEndpoint(uri, this, fixed.isEmpty() ? operation : withFixed(operation, fixed));
            }
        }
    }

    /** Options of the endpoint are parameters, before the headers of that name. */
    private static ControlOperation withFixed(ControlOperation operation, Map<String, String> fixed) {
        return request -> operation.answer(new ControlRequest(
                request.body(),
                name -> Optional.ofNullable(fixed.get(name))
                        .or(() -> request.parameters().apply(name)),
                request.requestId(),
                request.correlationId(),
                request.effectKey()));
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
