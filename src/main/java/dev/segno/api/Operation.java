package dev.segno.api;

import dev.segno.camel.http.Handover;
import dev.segno.control.SettingsException;
import dev.segno.security.AccessRules;
import dev.segno.security.ErrorShape;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One operation of an OpenAPI document.
 *
 * @param act what the audit record calls it
 * @param method the HTTP method, in upper case
 * @param path its path
 * @param access what it asks of callers
 * @param secretParameters query parameters that carry credentials
 * @param maxBody bytes of a request body, or null where the server's default holds
 * @param parameters what it says of parameters
 * @param strictQuery whether other query parameters are refused
 * @param body the schema of the JSON body, or null when the document says nothing of one
 * @param bodyRequired whether there must be a body
 * @param deprecated whether callers are told to move on
 * @param errors how its errors look
 * @param missingStatus status of a request that leaves out what is required
 * @param correlated whether its answers carry a correlation id
 */
record Operation(
        String act,
        String method,
        PathTemplate path,
        AccessRules.Rule access,
        Set<String> secretParameters,
        @Nullable Long maxBody,
        List<Parameter> parameters,
        boolean strictQuery,
        @Nullable BodySchema body,
        boolean bodyRequired,
        boolean deprecated,
        ErrorShape errors,
        int missingStatus,
        boolean correlated) {

    private static final String KEY = "segno.operation";

    /** Where a parameter stands. */
    enum In {
        QUERY,
        HEADER,
        PATH;

        /** The place of a word in a document. */
        static Optional<In> of(String text) {
            return Stream.of(values())
                    .filter(in -> in.name().equalsIgnoreCase(text))
                    .findFirst();
        }
    }

    /** A parameter. {@code type} is the JSON type that its text is read as. */
    record Parameter(In in, String name, boolean required, String type, BodySchema schema) {

        /** Where a fault of it is: {@code ?limit}, {@code header Last-Event-ID}, {@code {name}}. */
        String place() {
            return switch (in) {
                case QUERY -> "?" + name;
                case HEADER -> "header " + name;
                case PATH -> "{" + name + "}";
            };
        }
    }

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

    /** Whether requests can be held against it at once. */
    boolean hasCompiledSchemas() {
        return (body == null || body.isCompiled())
                && parameters.stream().allMatch(parameter -> parameter.schema().isCompiled());
    }

    /** Compiles the schemas that are not; it takes a while. */
    void compileSchemas() {
        parameters.forEach(parameter -> parameter.schema().compile());
        if (body != null) {
            body.compile();
        }
    }

    /** @throws SettingsException when one of its schemas is not valid; the message names the document and the operation */
    void requireGoodSchemas(String document) {
        try {
            compileSchemas();
        } catch (RuntimeException e) {
            throw new SettingsException(
                    document + ": " + method + " " + path.text() + ": the schema is not valid: " + e.getMessage(), e);
        }
    }
}
