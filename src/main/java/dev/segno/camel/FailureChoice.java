package dev.segno.camel;

import dev.segno.run.Orchestration.OnFailure;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.RuntimeCamelException;
import org.jspecify.annotations.Nullable;

/**
 * The option {@code onFailure} of an orchestration: a word, or an expression of the Simple language that gives the word for
 * the input of a run. An input that gives none of the words lets its run be parked, which loses nothing. Safe for use by
 * many threads.
 */
record FailureChoice(OnFailure fixed, @Nullable Expression expression) {

    /** @throws IllegalArgumentException when the text is neither a word nor an expression */
    static FailureChoice of(CamelContext context, @Nullable String text) {
        if (text == null) {
            return new FailureChoice(OnFailure.PARK, null);
        }
        if (text.contains("${")) {
            Expression expression = context.resolveLanguage("simple").createExpression(text);
            expression.init(context);
            return new FailureChoice(OnFailure.PARK, expression);
        }
        OnFailure fixed = word(text)
                .orElseThrow(() -> new IllegalArgumentException("Option onFailure of orchestration: is '" + text
                        + "'; it can be one of "
                        + Arrays.toString(OnFailure.values()).toLowerCase(Locale.ROOT)));
        return new FailureChoice(fixed, null);
    }

    /** The choice for the input of a run. */
    OnFailure of(Exchange exchange) {
        if (expression == null) {
            return fixed;
        }
        try {
            String text = expression.evaluate(exchange, String.class);
            return text == null ? fixed : word(text).orElse(fixed);
        } catch (RuntimeCamelException e) {
            return fixed;
        }
    }

    private static Optional<OnFailure> word(String text) {
        return Arrays.stream(OnFailure.values())
                .filter(word -> word.name().equalsIgnoreCase(text.strip()))
                .findFirst();
    }
}
