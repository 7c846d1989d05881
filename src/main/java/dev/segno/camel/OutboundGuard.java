package dev.segno.camel;

import dev.segno.security.IngressFilter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.model.DynamicRouterDefinition;
import org.apache.camel.model.EnrichDefinition;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.RoutingSlipDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Stands in front of every endpoint that calls over HTTP: a message must not decide where the call goes, and carries
 * nobody's credentials there. Thread-safe.
 */
final class OutboundGuard extends DelegateAsyncProcessor {

    private static final Set<String> HTTP = Set.of("http", "https", "vertx-http", "netty-http", "undertow", "jetty");

    private static final List<String> STEERING = List.of("camelhttp", "camelrest", "camelvertx");

    private static final IngressFilter CREDENTIALS = new IngressFilter();

    private OutboundGuard(AsyncProcessor target) {
        super(target);
    }

    /** The processor behind a guard if the node calls over HTTP, or may do so, else the processor itself. */
    static AsyncProcessor guard(NamedNode node, AsyncProcessor target) {
        return mayCallOverHttp(node) ? new OutboundGuard(target) : target;
    }

    private static boolean mayCallOverHttp(NamedNode node) {
        if (node instanceof ToDefinition to) {
            return isHttp(to.getEndpointUri());
        }
        if (node instanceof ToDynamicDefinition to) {
            return isHttp(to.getUri());
        }
        return node instanceof RecipientListDefinition
                || node instanceof RoutingSlipDefinition
                || node instanceof DynamicRouterDefinition
                || node instanceof EnrichDefinition;
    }

    /** The scheme stands there as it is: one that is computed is refused when the file is loaded. */
    private static boolean isHttp(String uri) {
        int colon = uri.indexOf(':');
        return colon > 0 && HTTP.contains(uri.substring(0, colon));
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        exchange.getMessage().getHeaders().keySet().removeIf(OutboundGuard::isRefused);
        return super.process(exchange, callback);
    }

    private static boolean isRefused(String header) {
        String name = header.toLowerCase(Locale.ROOT);
        // The method is a choice among verbs and leads nowhere else.
        return (STEERING.stream().anyMatch(name::startsWith) && !name.equals("camelhttpmethod"))
                || CREDENTIALS.isCredential(header);
    }
}
