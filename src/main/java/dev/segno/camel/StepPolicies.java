package dev.segno.camel;

import dev.segno.run.RetryPolicy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.ErrorHandlerFactory;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.Predicate;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.RedeliveryPolicyDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;
import org.apache.camel.processor.errorhandler.DefaultExceptionPolicyStrategy;
import org.apache.camel.processor.errorhandler.ExceptionPolicyKey;
import org.apache.camel.support.CamelContextHelper;
import org.jspecify.annotations.Nullable;

/**
 * The redelivery policies of a route, taken out of its error handler and its {@code onException} clauses for its steps
 * to carry out. Immutable.
 */
final class StepPolicies {

    /** One try, and nothing said about it. */
    static final StepPolicies NONE = new StepPolicies(RetryPolicy.ONCE, Map.of(), false);

    private final RetryPolicy otherwise;
    private final Map<ExceptionPolicyKey, RetryPolicy> byException;
    private final boolean configured;

    private StepPolicies(RetryPolicy otherwise, Map<ExceptionPolicyKey, RetryPolicy> byException, boolean configured) {
        this.otherwise = otherwise;
        this.byException = byException;
        this.configured = configured;
    }

    /** The policies that {@code route}, already merged with its route configurations, declares. */
    static StepPolicies of(CamelContext context, RouteDefinition route, RedeliveryRegister register) {
        RetryPolicy otherwise = RetryPolicy.ONCE;
        boolean configured = false;
        if (route.getErrorHandlerFactory() instanceof DefaultErrorHandlerDefinition handler) {
            RedeliveryPolicyDefinition declared = handler.getRedeliveryPolicy();
            if (declared.getMaximumRedeliveries() != null) {
                otherwise = parse(context, declared, RetryPolicy.ONCE);
                configured = true;
            }
        }
        Map<ExceptionPolicyKey, RetryPolicy> byException = new LinkedHashMap<>();
        for (Object output : route.getOutputs()) {
            if (output instanceof OnExceptionDefinition clause) {
                RedeliveryPolicyDefinition declared = register.takeFrom(clause);
                RetryPolicy policy = declared == null ? otherwise : parse(context, declared, otherwise);
                Predicate when = FailureClauses.conditionOf(clause);
                for (String exception : clause.getExceptions()) {
                    byException.put(
                            new ExceptionPolicyKey(route.getRouteId(), exceptionClass(context, exception), when),
                            policy);
                }
                configured = true;
            }
        }
        return new StepPolicies(otherwise, byException, configured);
    }

    /** Whether the route says anything of its own. */
    boolean areConfigured() {
        return configured;
    }

    /** These policies, or {@code other} where the route says nothing of its own. */
    StepPolicies orIfSilent(StepPolicies other) {
        return configured ? this : other;
    }

    /**
     * The error handler that Camel keeps: it finds the {@code onException} that applies, and redelivers nothing. A dead
     * letter channel becomes one as well, since the dead letter of a run is the parked run.
     */
    static ErrorHandlerFactory withoutRedelivery() {
        DefaultErrorHandlerDefinition handler = new DefaultErrorHandlerDefinition();
        RedeliveryPolicyDefinition policy = new RedeliveryPolicyDefinition();
        policy.setMaximumRedeliveries("0");
        // The run tells how it ended; a stack trace for each failed step would say it twice.
        policy.setLogExhausted("false");
        policy.setLogExhaustedMessageHistory("false");
        handler.setRedeliveryPolicy(policy);
        handler.setLevel(LoggingLevel.OFF.name());
        return handler;
    }

    RetryPolicy policyFor(Exchange exchange, Throwable failure) {
        if (byException.isEmpty()) {
            return otherwise;
        }
        ExceptionPolicyKey key =
                DefaultExceptionPolicyStrategy.INSTANCE.getExceptionPolicy(byException.keySet(), exchange, failure);
        RetryPolicy found = key == null ? null : byException.get(key);
        return found == null ? otherwise : found;
    }

    private static Class<? extends Throwable> exceptionClass(CamelContext context, String name) {
        try {
            return context.getClassResolver()
                    .resolveMandatoryClass(name, Throwable.class)
                    .asSubclass(Throwable.class);
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("onException names the class " + name + ", which is not there", e);
        }
    }

    private static RetryPolicy parse(CamelContext context, RedeliveryPolicyDefinition declared, RetryPolicy parent) {
        Integer redeliveries = CamelContextHelper.parseInteger(context, declared.getMaximumRedeliveries());
        int attempts;
        if (redeliveries == null) {
            attempts = parent.maxAttempts();
        } else {
            attempts = redeliveries < 0 ? Integer.MAX_VALUE : redeliveries + 1;
        }
        Duration first = duration(context, declared.getRedeliveryDelay(), Duration.ofSeconds(1));
        boolean exponential = flag(context, declared.getUseExponentialBackOff());
        double multiplier = exponential ? number(context, declared.getBackOffMultiplier(), 2.0) : 1.0;
        Duration most = duration(context, declared.getMaximumRedeliveryDelay(), Duration.ofMinutes(1));
        boolean jitter = flag(context, declared.getUseCollisionAvoidance());
        double factor = jitter ? number(context, declared.getCollisionAvoidanceFactor(), 0.15) : 0.0;
        return new RetryPolicy(attempts, first, Math.max(1.0, multiplier), most, factor);
    }

    private static boolean flag(CamelContext context, @Nullable String text) {
        return Boolean.TRUE.equals(CamelContextHelper.parseBoolean(context, text));
    }

    private static double number(CamelContext context, @Nullable String text, double otherwise) {
        Double value = CamelContextHelper.parseDouble(context, text);
        return value == null ? otherwise : value;
    }

    private static Duration duration(CamelContext context, @Nullable String text, Duration otherwise) {
        Duration value = CamelContextHelper.parseDuration(context, text);
        return value == null ? otherwise : value;
    }
}
