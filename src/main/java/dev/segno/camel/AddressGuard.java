package dev.segno.camel;

import java.util.Objects;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.WireTapDefinition;
import org.apache.camel.processor.Enricher;
import org.apache.camel.processor.Pipeline;
import org.apache.camel.processor.PollEnricher;
import org.apache.camel.processor.RecipientList;
import org.apache.camel.processor.RoutingSlip;
import org.apache.camel.processor.SendDynamicProcessor;
import org.apache.camel.support.EndpointHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Stands in front of what computes an address from the message. Camel resolves the placeholders of such an address after the
 * message's data has got into it, so that data could read settings and secrets (S3 in docs/proof.md). Those that the route's own
 * text holds are resolved before: what is left then comes from data, and is refused. Thread-safe.
 */
final class AddressGuard extends DelegateAsyncProcessor {

    private final Expression address;

    private AddressGuard(AsyncProcessor target, Expression address) {
        super(target);
        this.address = address;
    }

    /** A processor behind a guard if it computes an address, else the processor itself. */
    static AsyncProcessor guard(CamelContext context, NamedNode node, Processor processor, AsyncProcessor target) {
        Expression address;
        if (node instanceof WireTapDefinition<?> tap && tap.getUri() != null) {
            address = addressOf(context, tap.getUri());
        } else if (node instanceof RecipientListDefinition<?> && processor instanceof Pipeline pipeline) {
            address = addressIn(pipeline);
        } else {
            address = addressOf(processor);
        }
        return address == null ? target : new AddressGuard(target, address);
    }

    private static @Nullable Expression addressOf(Processor processor) {
        if (processor instanceof SendDynamicProcessor send) {
            return send.getExpression();
        }
        if (processor instanceof RecipientList list) {
            return list.getExpression();
        }
        if (processor instanceof Enricher enricher) {
            return enricher.getExpression();
        }
        if (processor instanceof PollEnricher enricher) {
            return enricher.getExpression();
        }
        return processor instanceof RoutingSlip slip ? slip.getExpression() : null;
    }

    /** A recipient list comes behind a processor of its own that evaluates its expression. */
    private static @Nullable Expression addressIn(Pipeline pipeline) {
        return pipeline.next().stream()
                .map(AddressGuard::addressOf)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Camel keeps a wire tap's expression to itself; this is how it makes it. */
    private static Expression addressOf(CamelContext context, String uri) {
        String text = EndpointHelper.resolveEndpointUriPropertyPlaceholders(context, uri);
        String[] parts = text.split(":", 3);
        return parts.length == 3 && parts[0].equals("language")
                ? context.resolveLanguage(parts[1]).createExpression(parts[2])
                : context.resolveLanguage("simple").createExpression(text);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        if (isRefused(exchange)) {
            exchange.setException(new IllegalArgumentException(
                    "The message holds a placeholder or a function, '{{' or '${', where an address is made of it; it is not"
                            + " resolved for it"));
            callback.done(true);
            return true;
        }
        return super.process(exchange, callback);
    }

    private boolean isRefused(Exchange exchange) {
        String text;
        try {
            text = address.evaluate(exchange, String.class);
        } catch (RuntimeException e) {
            // The processor itself evaluates it too, and says so in its own words.
            return false;
        }
        return text != null && (text.contains("{{") || text.contains("${") || text.contains("$simple{"));
    }
}
