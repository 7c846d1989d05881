package dev.segno.camel;

import dev.segno.secret.Seal;
import dev.segno.security.Redaction;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * {@code secrets:seal|open|drop?fields=a,b}: keeps fields of a body, which is a map, out of journals. {@code seal} puts
 * references in their place, before a run is started: the same ones for the same {@code Idempotency-Key}. {@code open} puts
 * the values back, in a step that calls somebody with them and leaves another body behind. {@code drop} deletes the values,
 * in a step behind it. What was opened is masked in errors and logs.
 */
final class SecretsComponent extends DefaultComponent {

    static final String SCHEME = "secrets";

    private final Seal seal;

    SecretsComponent(CamelContext context, Seal seal) {
        super(context);
        this.seal = seal;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        if (!List.of("seal", "open", "drop").contains(remaining)) {
            throw new IllegalArgumentException(
                    "secrets:" + remaining + " is unknown; there are secrets:seal, open and drop");
        }
        String fields = getAndRemoveParameter(parameters, "fields", String.class);
        if (fields == null || fields.isBlank()) {
            throw new IllegalArgumentException("secrets:" + remaining + " needs the option fields, as in password");
        }
        List<String> names = Arrays.stream(fields.split(",")).map(String::strip).toList();
        return new DefaultEndpoint(uri, this) {
            @Override
            public Producer createProducer() {
                return new SecretsProducer(this, remaining, names, seal);
            }

            @Override
            public Consumer createConsumer(Processor processor) {
                throw new UnsupportedOperationException("secrets: begins no route");
            }
        };
    }

    /** Does one of the three to the fields of the bodies that come. */
    private static final class SecretsProducer extends DefaultAsyncProducer {
        private final String action;
        private final List<String> fields;
        private final Seal seal;

        SecretsProducer(Endpoint endpoint, String action, List<String> fields, Seal seal) {
            super(endpoint);
            this.action = action;
            this.fields = fields;
            this.seal = seal;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            CompletableFuture<?> done;
            try {
                done = act(exchange);
            } catch (RuntimeException e) {
                exchange.setException(e);
                callback.done(true);
                return true;
            }
            done.whenComplete((nothing, error) -> {
                if (error != null) {
                    exchange.setException(Failures.unwrap(error));
                }
                callback.done(false);
            });
            return false;
        }

        private CompletableFuture<?> act(Exchange exchange) {
            Map<String, @Nullable Object> body = new LinkedHashMap<>(bodyOf(exchange));
            String scope = exchange.getMessage().getHeader(OrchestrationProducer.START_KEY, String.class);
            CompletableFuture<?> all = CompletableFuture.completedFuture(null);
            for (String field : fields) {
                @Nullable Object value = body.get(field);
                if (action.equals("seal") && value instanceof String text) {
                    all = all.thenCompose(before -> seal.seal(scope == null ? null : scope + '\0' + field, text))
                            .thenAccept(reference -> body.put(field, reference));
                } else if (action.equals("open") && Seal.isReference(value)) {
                    String opened = seal.open(String.valueOf(value))
                            .orElseThrow(() -> new IllegalStateException("The sealed value of '" + field
                                    + "' is gone: values are kept until they are dropped, and for "
                                    + Seal.KEPT_FOR.toHours() + " hours at most"));
                    Redaction.hide(opened);
                    body.put(field, opened);
                } else if (action.equals("drop") && Seal.isReference(value)) {
                    all = all.thenCompose(before -> seal.drop(String.valueOf(value)));
                }
            }
            return all.thenRun(() -> exchange.getMessage().setBody(body));
        }

        private static Map<String, @Nullable Object> bodyOf(Exchange exchange) {
            if (exchange.getMessage().getBody() instanceof Map<?, ?> map) {
                Map<String, @Nullable Object> body = new LinkedHashMap<>();
                map.forEach((name, value) -> body.put(String.valueOf(name), value));
                return body;
            }
            throw new IllegalArgumentException(
                    "secrets: works on a body that is a map; make it one, by jq for instance");
        }
    }
}
