package dev.segno.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.segno.camel.http.BodyReader;
import dev.segno.camel.http.Handover;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import dev.segno.security.ErrorReply;
import dev.segno.security.UntrustedJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Holds requests against the operation that they are for. Safe for concurrent use. */
final class RequestCheck {

    /** Bodies above this many bytes are checked on a worker: it takes too long for an event loop. */
    private static final int MAX_ON_EVENT_LOOP = 64 * 1024;

    private final BodyReader bodies;

    RequestCheck(BodyReader bodies) {
        this.bodies = bodies;
    }

    /** Adds the checks to a router, behind the authentication. */
    void mount(Router router) {
        router.route().handler(this::prepare);
        router.route().handler(this::check);
    }

    private void prepare(RoutingContext ctx) {
        @Nullable String allowed = DescribedOperations.allowedInstead(ctx);
        if (allowed != null) {
            ctx.response().putHeader("Allow", allowed);
            ErrorReply.send(ctx, ApiError.ofStatus(405));
            return;
        }
        @Nullable Operation operation = Operation.of(ctx);
        if (operation == null) {
            ctx.next();
            return;
        }
        if (operation.hasCompiledSchemas()) {
            prepare(ctx, operation);
            return;
        }
        // The first request for an operation: compiling takes too long for an event loop. Nobody reads the body
        // meanwhile.
        ctx.request().pause();
        ctx.vertx()
                .executeBlocking(
                        () -> {
                            operation.compileSchemas();
                            return true;
                        },
                        false)
                .onSuccess(compiled -> {
                    ctx.request().resume();
                    try {
                        prepare(ctx, operation);
                    } catch (RuntimeException e) {
                        ctx.fail(e);
                    }
                })
                .onFailure(ctx::fail);
    }

    private void prepare(RoutingContext ctx, Operation operation) {
        if (operation.deprecated()) {
            ctx.response().putHeader("Deprecation", "true");
        }
        Handover.secretParameters(ctx, operation.secretParameters());
        checkParameters(ctx, operation);
        if (operation.maxBody() != null) {
            BodyReader.limit(ctx, operation.maxBody());
        }
        if (operation.body() != null) {
            bodies.handle(ctx);
        } else {
            ctx.next();
        }
    }

    private void check(RoutingContext ctx) {
        @Nullable Operation operation = Operation.of(ctx);
        if (operation == null || operation.body() == null) {
            ctx.next();
            return;
        }
        @Nullable Buffer buffer = ctx.body().buffer();
        if (buffer == null || buffer.length() == 0) {
            if (operation.bodyRequired()) {
                throw new ApiException(ApiError.invalid("A request body is needed"));
            }
            ctx.next();
            return;
        }
        BodySchema schema = operation.body();
        byte[] bytes = buffer.getBytes();
        if (bytes.length <= MAX_ON_EVENT_LOOP) {
            checkBody(bytes, schema);
            Handover.bodyIsJson(ctx);
            ctx.next();
            return;
        }
        ctx.vertx()
                .executeBlocking(() -> {
                    checkBody(bytes, schema);
                    return true;
                })
                .onSuccess(fits -> {
                    Handover.bodyIsJson(ctx);
                    ctx.next();
                })
                .onFailure(ctx::fail);
    }

    private static void checkBody(byte[] bytes, BodySchema schema) {
        @Nullable ArrayNode faults = schema.faults(UntrustedJson.read(bytes));
        if (faults != null) {
            throw new ApiException(new ApiError(400, "invalid", "The request body is not as described", faults));
        }
    }

    private static void checkParameters(RoutingContext ctx, Operation operation) {
        ArrayNode faults = JsonNodeFactory.instance.arrayNode();
        if (operation.strictQuery()) {
            refuseUnknown(ctx, operation, faults);
        }
        String[] pieces = PathTemplate.piecesOf(ctx.normalizedPath());
        for (Operation.Parameter parameter : operation.parameters()) {
            List<String> values = switch (parameter.in()) {
                case QUERY -> ctx.queryParams().getAll(parameter.name());
                case HEADER -> ctx.request().headers().getAll(parameter.name());
                case PATH -> operation.path().valuesOf(parameter.name(), pieces);
            };
            checkValues(parameter, values, faults);
        }
        if (!faults.isEmpty()) {
            boolean queryOnly = faults.findValuesAsText("path").stream().allMatch(place -> place.startsWith("?"));
            throw new ApiException(new ApiError(
                    400, "invalid", "The " + (queryOnly ? "query" : "request") + " is not as described", faults));
        }
    }

    private static void refuseUnknown(RoutingContext ctx, Operation operation, ArrayNode faults) {
        List<String> known = operation.parameters().stream()
                .filter(parameter -> parameter.in() == Operation.In.QUERY)
                .map(Operation.Parameter::name)
                .toList();
        for (String name : ctx.queryParams().names()) {
            if (!known.contains(name) && !operation.secretParameters().contains(name)) {
                faults.addObject()
                        .put("path", "?" + name)
                        .put(
                                "message",
                                known.isEmpty()
                                        ? "is not known here; there are no parameters"
                                        : "is not known here; there is "
                                                + known.stream().sorted().collect(Collectors.joining(", ")));
            }
        }
    }

    private static void checkValues(Operation.Parameter parameter, List<String> values, ArrayNode faults) {
        if (values.isEmpty()) {
            if (parameter.required() && parameter.in() != Operation.In.PATH) {
                faults.addObject().put("path", parameter.place()).put("message", "is needed");
            }
            return;
        }
        if (values.size() > 1) {
            faults.addObject().put("path", parameter.place()).put("message", "may be there once");
            return;
        }
        @Nullable ArrayNode found = parameter.schema().faults(typed(values.get(0), parameter.type()));
        if (found != null) {
            found.forEach(fault -> faults.addObject()
                    .put("path", parameter.place())
                    .put("message", fault.path("message").asText()));
        }
    }

    /** A parameter's text as the JSON value that it stands for; text that stands for none stays text and fails its schema. */
    private static JsonNode typed(String text, String type) {
        boolean number = text.matches("-?\\d{1,18}(\\.\\d{1,18})?");
        return switch (type) {
            case "integer", "number" -> number ? number(text) : TextNode.valueOf(text);
            case "boolean" ->
                text.equals("true") || text.equals("false")
                        ? JsonNodeFactory.instance.booleanNode(text.equals("true"))
                        : TextNode.valueOf(text);
            default -> TextNode.valueOf(text);
        };
    }

    private static JsonNode number(String text) {
        return text.contains(".")
                ? JsonNodeFactory.instance.numberNode(Double.parseDouble(text))
                : JsonNodeFactory.instance.numberNode(Long.parseLong(text));
    }
}
