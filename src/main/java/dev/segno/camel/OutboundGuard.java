package dev.segno.camel;

import dev.segno.security.IngressFilter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
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

    /** The processor behind a guard if the node calls over HTTP, else the processor itself. */
    static AsyncProcessor guard(NamedNode node, AsyncProcessor target) {
        String uri = null;
        if (node instanceof ToDefinition to) {
            uri = to.getEndpointUri();
        } else if (node instanceof ToDynamicDefinition to) {
            uri = to.getUri();
        }
        if (uri == null) {
            return target;
        }
        int colon = uri.indexOf(':');
        return colon > 0 && HTTP.contains(uri.substring(0, colon)) ? new OutboundGuard(target) : target;
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
