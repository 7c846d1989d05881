package dev.segno.camel;

import dev.segno.run.InvalidStart;
import dev.segno.run.Orchestration.Place;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.RuntimeCamelException;
import org.jspecify.annotations.Nullable;

/**
 * The options of an orchestration that depend on the input of a run, as expressions of the Simple language. Safe for use by
 * many threads.
 */
record PlaceExpressions(@Nullable Expression key, @Nullable Expression priority) {

    private static final int MOST_CHARACTERS = 200;

    static PlaceExpressions of(CamelContext context, @Nullable String key, @Nullable String priority) {
        return new PlaceExpressions(expression(context, key), expression(context, priority));
    }

    private static @Nullable Expression expression(CamelContext context, @Nullable String text) {
        if (text == null) {
            return null;
        }
        Expression expression = context.resolveLanguage("simple").createExpression(text);
        expression.init(context);
        return expression;
    }

    /** @throws InvalidStart when a value is missing or cannot be used */
    Place of(String orchestration, Exchange exchange) {
        return new Place(
                key == null ? "" : key(orchestration, key, exchange),
                priority == null ? 0 : priority(orchestration, priority, exchange));
    }

    private static String key(String orchestration, Expression expression, Exchange exchange) {
        String key = text(orchestration, "concurrencyKey", expression, exchange);
        if (key.length() > MOST_CHARACTERS) {
            throw invalid(orchestration, "concurrencyKey", "has more than " + MOST_CHARACTERS + " characters", null);
        }
        return key;
    }

    private static int priority(String orchestration, Expression expression, Exchange exchange) {
        String text = text(orchestration, "priority", expression, exchange);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw invalid(orchestration, "priority", "is no whole number", e);
        }
    }

    private static String text(String orchestration, String option, Expression expression, Exchange exchange) {
        String text;
        try {
            text = expression.evaluate(exchange, String.class);
        } catch (RuntimeCamelException e) {
            throw invalid(orchestration, option, "cannot be evaluated", e);
        }
        if (text == null || text.isBlank()) {
            throw invalid(orchestration, option, "is empty", null);
        }
        return text.strip();
    }

    private static InvalidStart invalid(String orchestration, String option, String what, @Nullable Exception cause) {
        String message = "The " + option + " of '" + orchestration + "' " + what + " for this input";
        return cause == null ? new InvalidStart(message) : new InvalidStart(message, cause);
    }
}
