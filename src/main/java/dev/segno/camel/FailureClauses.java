package dev.segno.camel;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Predicate;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.ExpressionSubElementDefinition;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.OnWhenDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Lets a replayed failure take the way that the failure itself took: each {@code doCatch} and {@code onException} also
 * takes {@link StepFailed}, if it is a clause that the record names. Where the record names none, because a saga was undone
 * before any clause was asked, the recorded class and the condition decide.
 *
 * <p>Class and condition would not do: the class of a failure may not be made from a message, and the cause by which a
 * clause knew it is not recorded.
 */
final class FailureClauses {

    private FailureClauses() {}

    /**
     * Prepares the clauses of a route that was merged with its route configurations. Doing it again changes nothing;
     * a clause of a route configuration is shared by its routes.
     */
    static void prepare(CamelContext context, RouteDefinition route) {
        prepare(context, route.getOutputs());
    }

    private static void prepare(CamelContext context, List<ProcessorDefinition<?>> nodes) {
        for (ProcessorDefinition<?> node : nodes) {
            if (node instanceof OnExceptionDefinition clause && matchOf(clause.getOnWhen()) == null) {
                String id = idOf(clause, clause.getExceptions());
                clause.setOnWhen(new OnWhenDefinition(
                        new ClauseMatch(context, id, clause.getExceptions(), clause.getOnWhen(), false)));
                clause.getExceptions().add(StepFailed.class.getName());
                noticeHandling(context, clause, id);
            } else if (node instanceof CatchDefinition clause && matchOf(clause.getOnWhen()) == null) {
                String id = idOf(clause, clause.getExceptions());
                clause.setOnWhen(new OnWhenDefinition(
                        new ClauseMatch(context, id, clause.getExceptions(), clause.getOnWhen(), true)));
                clause.getExceptions().add(StepFailed.class.getName());
            }
            prepare(context, RouteModel.children(node));
        }
    }

    /** Whether a clause of the route works on the body that the run began with. */
    static boolean needsOriginalBody(RouteDefinition route) {
        return route.getOutputs().stream()
                .anyMatch(node ->
                        node instanceof OnExceptionDefinition clause && "true".equals(clause.getUseOriginalBody()));
    }

    /** Camel asks the clause that it has chosen, and no other, whether it handles, and does so before it begins. */
    private static void noticeHandling(CamelContext context, OnExceptionDefinition clause, String id) {
        Predicate handled =
                clause.getHandledPolicy() == null ? of(context, clause.getHandled()) : clause.getHandledPolicy();
        if (handled != null) {
            clause.setHandled(null);
            clause.setHandledPolicy(new Handling(id, handled));
        }
        Predicate continued =
                clause.getContinuedPolicy() == null ? of(context, clause.getContinued()) : clause.getContinuedPolicy();
        if (continued != null) {
            clause.setContinued(null);
            clause.setContinuedPolicy(new Handling(id, continued));
        }
    }

    private static @Nullable Predicate of(CamelContext context, @Nullable ExpressionSubElementDefinition flag) {
        return flag == null || flag.getExpressionType() == null
                ? null
                : flag.getExpressionType().createPredicate(context);
    }

    /** The id of a clause that was prepared. */
    static String idOf(ProcessorDefinition<?> clause) {
        ClauseMatch match = null;
        if (clause instanceof OnExceptionDefinition onException) {
            match = matchOf(onException.getOnWhen());
        } else if (clause instanceof CatchDefinition doCatch) {
            match = matchOf(doCatch.getOnWhen());
        }
        return match == null ? RouteModel.localId(clause) : match.clause;
    }

    /** The condition that the file gives a clause; null if it gives none. */
    static @Nullable Predicate conditionOf(OnExceptionDefinition clause) {
        ClauseMatch match = matchOf(clause.getOnWhen());
        if (match != null) {
            return match.condition;
        }
        return clause.getOnWhen() == null ? null : clause.getOnWhen().getExpression();
    }

    private static @Nullable ClauseMatch matchOf(@Nullable OnWhenDefinition when) {
        return when != null && when.getExpression().getPredicate() instanceof ClauseMatch match ? match : null;
    }

    /** By its place in its file; one from outside of the route, whose place is not known, by what it says. */
    private static String idOf(ProcessorDefinition<?> clause, List<String> exceptions) {
        String id = clause.getId();
        int local = id == null ? -1 : id.indexOf(RouteModel.LOCAL);
        if (id == null || local < 0) {
            return clause.getShortName() + ':' + String.join("|", exceptions);
        }
        int version = id.lastIndexOf(RouteVersions.AT, local);
        return version < 0 ? id : id.substring(0, version) + id.substring(local);
    }

    private static @Nullable Throwable failureOf(Exchange exchange) {
        Throwable failure = exchange.getException();
        return failure != null ? failure : exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
    }

    private static void taken(Exchange exchange, String clause) {
        RunFrame frame = RunFrame.current(exchange);
        if (frame != null) {
            frame.execution().failureTaken(failureOf(exchange), clause);
        }
    }

    /** Whether a clause takes the failure of an exchange. */
    private static final class ClauseMatch implements Predicate {
        private final String clause;
        private final List<String> exceptions;
        private final @Nullable Predicate condition;
        private final boolean takes;

        /** @param takes whether the clause takes what it matches, as the first one that does */
        ClauseMatch(
                CamelContext context,
                String clause,
                List<String> exceptions,
                @Nullable OnWhenDefinition condition,
                boolean takes) {
            this.clause = clause;
            this.exceptions = List.copyOf(exceptions);
            this.condition =
                    condition == null ? null : condition.getExpression().createPredicate(context);
            this.takes = takes;
        }

        @Override
        public void init(CamelContext context) {
            if (condition != null) {
                condition.init(context);
            }
        }

        @Override
        public boolean matches(Exchange exchange) {
            StepFailed replayed = StepFailed.in(failureOf(exchange));
            boolean matches;
            if (replayed == null) {
                matches = isMet(exchange);
            } else if (replayed.isUndecided()) {
                matches = replayed.isAny(exceptions) && isMet(exchange);
            } else {
                matches = replayed.isOf(clause);
            }
            if (matches && takes) {
                taken(exchange, clause);
            }
            return matches;
        }

        private boolean isMet(Exchange exchange) {
            return condition == null || condition.matches(exchange);
        }

        @Override
        public String toString() {
            return condition == null ? "true" : condition.toString();
        }
    }

    /** Whether a clause that works on a failure handles it. */
    private record Handling(String clause, Predicate answer) implements Predicate {

        @Override
        public void init(CamelContext context) {
            answer.init(context);
        }

        @Override
        public boolean matches(Exchange exchange) {
            boolean handles = answer.matches(exchange);
            if (handles) {
                taken(exchange, clause);
            }
            return handles;
        }

        @Override
        public String toString() {
            return answer.toString();
        }
    }
}
