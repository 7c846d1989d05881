package dev.segno.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.language.jq.JqLanguage;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.ExpressionToPredicateAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Camel's jq with plain values: what an expression gives is maps, lists and simple values as everywhere else in a run,
 * not Jackson's nodes, and a message without a body is {@code null}.
 */
final class PlainJqLanguage extends JqLanguage {

    private static final Expression BODY = new ExpressionAdapter() {
        @Override
        public Object evaluate(Exchange exchange) {
            Object body = exchange.getMessage().getBody();
            if (body instanceof Map || body instanceof List || body instanceof Number || body instanceof Boolean) {
                // Camel has no converter for most of these and would take them for nothing.
                return Json.tree(body);
            }
            JsonNode json = exchange.getMessage().getBody(JsonNode.class);
            return json == null ? NullNode.getInstance() : json;
        }
    };

    @Override
    public Expression createExpression(Expression source, String expression, Object[] properties) {
        Expression jq = super.createExpression(source == null ? BODY : source, expression, properties);
        return new ExpressionAdapter() {
            @Override
            public @Nullable Object evaluate(Exchange exchange) {
                Object value = jq.evaluate(exchange, Object.class);
                return value instanceof JsonNode ? Json.plain(value) : value;
            }
        };
    }

    @Override
    public Expression createExpression(String expression, Object[] properties) {
        return createExpression(BODY, expression, properties);
    }

    @Override
    public Predicate createPredicate(String expression, Object[] properties) {
        return ExpressionToPredicateAdapter.toPredicate(createExpression(expression, properties));
    }
}
