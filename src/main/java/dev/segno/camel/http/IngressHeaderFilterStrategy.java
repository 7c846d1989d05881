package dev.segno.camel.http;

import dev.segno.security.IngressFilter;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.jspecify.annotations.Nullable;

/** {@link IngressFilter} in the form in which Camel's components take it. Immutable, safe for concurrent use. */
public final class IngressHeaderFilterStrategy implements HeaderFilterStrategy {

    private final IngressFilter filter;

    public IngressHeaderFilterStrategy(IngressFilter filter) {
        this.filter = filter;
    }

    @Override
    public boolean applyFilterToCamelHeaders(String name, @Nullable Object value, @Nullable Exchange exchange) {
        return !filter.admitsResponse(name);
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, @Nullable Object value, @Nullable Exchange exchange) {
        return !filter.admitsHeader(name);
    }
}
