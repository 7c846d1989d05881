package dev.segno.api;

import com.fasterxml.jackson.databind.JsonNode;
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
    private final @Nullable Operation own;

    /**
     * @param alone whether the one package runs by itself, so that its errors are those of all paths but the API's
     * @throws SettingsException when two documents describe the same operation
     */
    DescribedOperations(List<PackageApi> packages, BodyReader bodies, boolean alone) {
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
        this.own = alone ? operations.get(0) : null;
    }

    @Override
    public Optional<Rule> ruleFor(RoutingContext ctx) {
        if (operations.isEmpty()) {
            return Optional.empty();
        }
        if (own != null && !ctx.normalizedPath().startsWith("/api/")) {
            // Whatever is asked of a package that runs alone is answered in its words.
            ErrorReply.useShape(ctx, own.errors());
            if (own.correlated()) {
                Handover.correlationId(ctx, Correlation.of(ctx.request()));
            }
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
                throw new ApiException(
                        Fault.error(List.of(Fault.missing("")), "A request body is needed", operation.missingStatus()));
            }
            ctx.next();
            return;
        }
        BodySchema schema = operation.body();
        byte[] bytes = buffer.getBytes();
        if (bytes.length <= MAX_ON_EVENT_LOOP) {
            checkBody(ctx, bytes, operation, schema);
            Handover.bodyIsJson(ctx);
            ctx.next();
            return;
        }
        ctx.vertx()
                .executeBlocking(() -> {
                    checkBody(ctx, bytes, operation, schema);
                    return true;
                })
                .onSuccess(fits -> {
                    Handover.bodyIsJson(ctx);
                    ctx.next();
                })
                .onFailure(ctx::fail);
    }

    private static void checkBody(RoutingContext ctx, byte[] bytes, Operation operation, BodySchema schema) {
        JsonNode body = UntrustedJson.read(bytes);
        List<Fault> faults = schema.faults(body);
        if (!faults.isEmpty()) {
            throw new ApiException(
                    Fault.error(faults, "The request body is not as described", operation.missingStatus()));
        }
        if (operation.correlated()) {
            Correlation.chosenBy(body).ifPresent(id -> Handover.correlationId(ctx, id));
        }
    }

    private static void checkParameters(RoutingContext ctx, Operation operation) {
        List<Fault> faults = new ArrayList<>();
        for (Operation.Parameter parameter : operation.parameters()) {
            List<String> values = ctx.queryParams().getAll(parameter.name());
            if (values.size() > 1) {
                faults.add(new Fault("?" + parameter.name(), "may be there once", false));
            } else if (!values.isEmpty()) {
                parameter.schema().faults(typed(values.get(0), parameter.type())).stream()
                        .map(fault -> fault.ofParameter(parameter.name()))
                        .forEach(faults::add);
            } else if (parameter.required()) {
                faults.add(Fault.missing("?" + parameter.name()));
            }
        }
        if (!faults.isEmpty()) {
            throw new ApiException(Fault.error(faults, "The query is not as described", operation.missingStatus()));
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
