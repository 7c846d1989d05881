package dev.segno.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.segno.camel.http.BodyReader;
import dev.segno.camel.http.EntryCheck;
import dev.segno.camel.http.Handover;
import dev.segno.control.SettingsException;
import dev.segno.security.AccessRules;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import dev.segno.security.Caller;
import dev.segno.security.ErrorReply;
import dev.segno.security.KeyScheme;
import dev.segno.security.Role;
import dev.segno.security.UntrustedJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The operations of all packages, as seen by the door, by the handlers that check requests against them, and by the
 * routes that serve them. Immutable, hence safe for concurrent use.
 */
final class DescribedOperations implements AccessRules, EntryCheck {

    /** Bodies above this many bytes are checked on a worker: it takes too long for an event loop. */
    private static final int MAX_ON_EVENT_LOOP = 64 * 1024;

    private final List<Operation> operations;
    private final Set<String> shapes = new HashSet<>();
    private final BodyReader bodies;

    /**
     * @throws SettingsException when two documents describe the same operation
     */
    DescribedOperations(List<PackageApi> packages, BodyReader bodies) {
        this.bodies = bodies;
        List<Operation> all = new ArrayList<>();
        Map<String, PackageApi> owners = new HashMap<>();
        for (PackageApi source : packages) {
            for (Operation operation : source.operations()) {
                shapes.add(operation.path().shape());
                PackageApi other =
                        owners.put(operation.method() + " " + operation.path().shape(), source);
                if (other != null) {
                    throw new SettingsException(source.file() + ": " + operation.method() + " "
                            + operation.path().text() + " is described by " + other.file() + " too");
                }
                all.add(operation);
            }
        }
        // The most literal path first: /items/new before /items/{id}.
        all.sort(Comparator.comparingInt(
                        (Operation operation) -> operation.path().literals())
                .reversed());
        this.operations = List.copyOf(all);
    }

    @Override
    public Optional<Rule> ruleFor(RoutingContext ctx) {
        if (operations.isEmpty()) {
            return Optional.empty();
        }
        String[] pieces = PathTemplate.piecesOf(ctx.normalizedPath());
        @Nullable PathTemplate matched = null;
        for (Operation operation : operations) {
            if (matched == null && operation.path().matches(pieces)) {
                matched = operation.path();
                ErrorReply.useShape(ctx, operation.errors());
            }
            if (operation.path().equals(matched)
                    && operation.method().equals(ctx.request().method().name())) {
                operation.enter(ctx);
                return Optional.of(operation.access());
            }
        }
        if (matched != null) {
            PathTemplate template = matched;
            String allow = operations.stream()
                    .filter(operation -> operation.path().equals(template))
                    .map(Operation::method)
                    .sorted()
                    .collect(Collectors.joining(", "));
            ctx.response().putHeader("Allow", allow);
            ErrorReply.send(ctx, ApiError.ofStatus(405));
            return Optional.empty();
        }
        return nearMiss(ctx);
    }

    /** A path that somebody could take for a protected one is refused like it, before anybody does. */
    private Optional<Rule> nearMiss(RoutingContext ctx) {
        @Nullable String path = ctx.request().path();
        String[] pieces = PathTemplate.looselyReadPiecesOf(path == null ? "/" : path);
        List<KeyScheme> schemes = new ArrayList<>();
        for (Operation operation : operations) {
            if (!operation.access().open() && operation.path().nearlyMatches(pieces)) {
                schemes.addAll(operation.access().schemes());
                ErrorReply.useShape(ctx, operation.errors());
            }
        }
        return schemes.isEmpty() ? Optional.empty() : Optional.of(new Rule(false, schemes, Role.OPERATOR, false));
    }

    /** The names of the headers in which keys are shown. They end at the door. */
    Set<String> credentialHeaders() {
        return operations.stream()
                .flatMap(operation -> operation.access().schemes().stream())
                .filter(scheme -> scheme.place() == Caller.Place.HEADER)
                .map(KeyScheme::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean admits(RoutingContext ctx, String path) {
        if (Caller.of(ctx) == null) {
            return false;
        }
        String shape = PathTemplate.of(path.startsWith("/") ? path : "/" + path).shape();
        if (!shapes.contains(shape)) {
            return true;
        }
        @Nullable Operation operation = Operation.of(ctx);
        return operation != null && operation.path().shape().equals(shape);
    }

    /** Adds the checks to a router, behind the authentication. */
    void mount(Router router) {
        router.route().handler(this::prepare);
        router.route().handler(this::check);
    }

    private void prepare(RoutingContext ctx) {
        @Nullable Operation operation = Operation.of(ctx);
        if (operation == null) {
            ctx.next();
            return;
        }
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
        for (Operation.Parameter parameter : operation.parameters()) {
            List<String> values = ctx.queryParams().getAll(parameter.name());
            String place = "?" + parameter.name();
            if (values.isEmpty()) {
                if (parameter.required()) {
                    faults.addObject().put("path", place).put("message", "is needed");
                }
                continue;
            }
            @Nullable
            ArrayNode found =
                    values.size() > 1 ? null : parameter.schema().faults(typed(values.get(0), parameter.type()));
            if (values.size() > 1) {
                faults.addObject().put("path", place).put("message", "may be there once");
            } else if (found != null) {
                found.forEach(fault -> faults.addObject()
                        .put("path", place)
                        .put("message", fault.path("message").asText()));
            }
        }
        if (!faults.isEmpty()) {
            throw new ApiException(new ApiError(400, "invalid", "The query is not as described", faults));
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
