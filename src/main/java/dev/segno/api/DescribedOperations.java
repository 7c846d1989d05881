package dev.segno.api;

import dev.segno.camel.http.EntryCheck;
import dev.segno.camel.http.Handover;
import dev.segno.control.SettingsException;
import dev.segno.security.AccessRules;
import dev.segno.security.Caller;
import dev.segno.security.ErrorReply;
import dev.segno.security.KeyScheme;
import dev.segno.security.Role;
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
 * The operations of all documents, as seen by the door and by the routes that serve them. Immutable, hence safe for concurrent use.
 */
final class DescribedOperations implements AccessRules, EntryCheck {

    private static final String ALLOW = "segno.allow";

    private final List<Operation> operations;
    private final Set<String> shapes = new HashSet<>();
    private final @Nullable Operation own;

    /**
     * @param alone the document of the package that runs by itself, if one does; its errors are those of all paths but the API's
     * @throws SettingsException when two documents describe the same operation
     */
    DescribedOperations(List<ApiDocument> documents, @Nullable ApiDocument alone) {
        List<Operation> all = new ArrayList<>();
        Map<String, ApiDocument> owners = new HashMap<>();
        for (ApiDocument source : documents) {
            for (Operation operation : source.operations()) {
                shapes.add(operation.path().shape());
                ApiDocument other =
                        owners.put(operation.method() + " " + operation.path().shape(), source);
                if (other != null) {
                    throw new SettingsException(source.name() + ": " + operation.method() + " "
                            + operation.path().text() + " is described by " + other.name() + " too");
                }
                all.add(operation);
            }
        }
        // The most literal path first: /items/new before /items/{id}.
        all.sort(Comparator.comparingInt(
                        (Operation operation) -> operation.path().literals())
                .reversed());
        this.operations = List.copyOf(all);
        this.own = alone == null ? null : alone.operations().get(0);
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
                return Optional.of(exactly(operation.access(), ctx.normalizedPath()));
            }
        }
        if (matched != null) {
            PathTemplate template = matched;
            List<Operation> others = operations.stream()
                    .filter(operation -> operation.path().equals(template))
                    .toList();
            ctx.put(ALLOW, others.stream().map(Operation::method).sorted().collect(Collectors.joining(", ")));
            return Optional.of(exactly(others.get(0).access(), ctx.normalizedPath()));
        }
        return nearMiss(ctx);
    }

    /** What is open is open at its own path only, and not with a slash behind it. */
    private static Rule exactly(Rule rule, String path) {
        return rule.open() && path.length() > 1 && path.endsWith("/")
                ? new Rule(false, rule.schemes(), Role.OPERATOR, false)
                : rule;
    }

    /** A path that somebody could take for a protected one is refused like it, before anybody does. */
    private Optional<Rule> nearMiss(RoutingContext ctx) {
        @Nullable String path = ctx.request().path();
        String[] pieces = PathTemplate.looselyReadPiecesOf(path == null ? "/" : path);
        List<KeyScheme> schemes = new ArrayList<>();
        Role role = Role.OPERATOR;
        boolean missed = false;
        for (Operation operation : operations) {
            Rule access = operation.access();
            if (!access.open() && operation.path().nearlyMatches(pieces)) {
                missed = true;
                schemes.addAll(access.schemes());
                role = access.role().includes(role) ? access.role() : role;
                ErrorReply.useShape(ctx, operation.errors());
            }
        }
        return missed ? Optional.of(new Rule(false, schemes, role, false)) : Optional.empty();
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

    /** The methods that a path takes when a request has another one, as {@code Allow} lists them; else null. */
    static @Nullable String allowedInstead(RoutingContext ctx) {
        return ctx.get(ALLOW);
    }

    /** Whether a route of the router is described. */
    boolean describes(String method, String path) {
        String shape = PathTemplate.of(path).shape();
        return operations.stream()
                .anyMatch(operation -> operation.method().equals(method)
                        && operation.path().shape().equals(shape));
    }
}
