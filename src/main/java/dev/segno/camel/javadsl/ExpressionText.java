package dev.segno.camel.javadsl;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Expression;
import org.apache.camel.builder.ExpressionClause;
import org.apache.camel.builder.ValueBuilder;
import org.apache.camel.model.language.ConstantExpression;
import org.apache.camel.model.language.ExchangePropertyExpression;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.model.language.HeaderExpression;
import org.apache.camel.model.language.SimpleExpression;
import org.apache.camel.model.language.VariableExpression;
import org.apache.camel.support.ConstantExpressionAdapter;
import org.apache.camel.support.ExpressionToPredicateAdapter;
import org.apache.camel.support.builder.ExpressionBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Finds the text of an expression that the Java DSL gave as an object: {@code constant(5)}, {@code body()},
 * {@code header("sku")}, or what a clause such as {@code split().jq(".lines")} holds. All others are code.
 */
final class ExpressionText {

    private static final Pattern NAMED = Pattern.compile("(header|variable|exchangeProperty)\\(([^()]+)\\)");
    private static final Pattern SIMPLE = Pattern.compile("simple\\((.*)\\)", Pattern.DOTALL);

    private static final Set<Class<?>> CONSTANTS = Set.of(Boolean.class, Integer.class, Long.class, Double.class);

    private ExpressionText() {}

    /** The same as text in a language; empty for code. */
    static Optional<ExpressionDefinition> of(@Nullable Object expression) {
        if (expression instanceof ValueBuilder builder) {
            return of(builder.getExpression());
        }
        if (expression instanceof ExpressionClause<?> clause) {
            return of(clause.getExpressionType() == null ? clause.getExpressionValue() : clause.getExpressionType());
        }
        if (expression instanceof ExpressionDefinition definition) {
            return ofDefinition(definition);
        }
        if (expression instanceof ExpressionToPredicateAdapter adapter) {
            return of(ModelField.of(ExpressionToPredicateAdapter.class, "expression")
                    .get(adapter));
        }
        if (expression instanceof ConstantExpressionAdapter constant) {
            return ofValue(constant.evaluate(null, Object.class));
        }
        if (expression != null && expression.getClass().getName().startsWith(ExpressionBuilder.class.getName() + '$')) {
            return ofWords(expression.toString());
        }
        return Optional.empty();
    }

    private static Optional<ExpressionDefinition> ofDefinition(ExpressionDefinition definition) {
        Object inner = definition.getExpressionType();
        if (inner == null) {
            inner = definition.getExpressionValue();
        }
        if (inner == null) {
            inner = definition.getPredicate();
        }
        if (inner == null) {
            return definition.getLanguage().isEmpty() ? Optional.empty() : Optional.of(definition);
        }
        if (definition instanceof ConstantExpression || definition.getLanguage().isEmpty()) {
            return of(inner);
        }
        return Optional.empty();
    }

    private static Optional<ExpressionDefinition> ofValue(@Nullable Object value) {
        if (value instanceof String text) {
            return Optional.of(new ConstantExpression(text));
        }
        if (value == null || !CONSTANTS.contains(value.getClass())) {
            return Optional.empty();
        }
        ConstantExpression typed = new ConstantExpression(value.toString());
        typed.setResultTypeName(value.getClass().getName());
        return Optional.of(typed);
    }

    private static Optional<ExpressionDefinition> ofWords(String words) {
        if (words.equals("body")) {
            return Optional.of(new SimpleExpression("${body}"));
        }
        Matcher named = NAMED.matcher(words);
        if (named.matches()) {
            String name = named.group(2);
            return Optional.of(
                    switch (named.group(1)) {
                        case "header" -> new HeaderExpression(name);
                        case "variable" -> new VariableExpression(name);
                        default -> new ExchangePropertyExpression(name);
                    });
        }
        Matcher simple = SIMPLE.matcher(words);
        return simple.matches() ? Optional.of(new SimpleExpression(simple.group(1))) : Optional.empty();
    }

    /** Whether an object is an expression or a condition at all. */
    static boolean isOne(Object object) {
        return object instanceof Expression || object instanceof org.apache.camel.Predicate;
    }
}
