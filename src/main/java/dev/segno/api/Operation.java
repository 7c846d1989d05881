package dev.segno.api;

import dev.segno.camel.http.Handover;
import dev.segno.security.AccessRules;
import dev.segno.security.ErrorShape;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a package's OpenAPI document.
 *
 * @param method the HTTP method, in upper case
 * @param path its path
 * @param access what it asks of callers
 * @param secretParameters query parameters that carry credentials
 * @param maxBody bytes of a request body, or null where the server's default holds
 * @param parameters what it says of query parameters
 * @param body the schema of the JSON body, or null when the document says nothing of one
 * @param bodyRequired whether there must be a body
 * @param deprecated whether callers are told to move on
 * @param errors how its errors look
 * @param missingStatus status of a request that leaves out what is required
 * @param correlated whether its answers carry a correlation id
 */
record Operation(
        String method,
        PathTemplate path,
        AccessRules.Rule access,
        Set<String> secretParameters,
        @Nullable Long maxBody,
        List<Parameter> parameters,
        @Nullable BodySchema body,
        boolean bodyRequired,
        boolean deprecated,
        ErrorShape errors,
        int missingStatus,
        boolean correlated) {

    private static final String KEY = "segno.operation";

    /** A query parameter. {@code type} is the JSON type that its text is read as. */
    record Parameter(String name, boolean required, String type, BodySchema schema) {}

    /** The operation that a request is for, or null when it is not described. */
    static @Nullable Operation of(RoutingContext ctx) {
        return ctx.get(KEY);
    }

    void enter(RoutingContext ctx) {
        ctx.put(KEY, this);
        if (correlated) {
            Handover.correlationId(ctx, Correlation.of(ctx.request()));
        }
    }
}
