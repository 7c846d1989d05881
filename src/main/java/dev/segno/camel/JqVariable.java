package dev.segno.camel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import net.thisptr.jackson.jq.BuiltinFunction;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Version;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;
import org.apache.camel.Exchange;
import org.apache.camel.language.jq.JqFunctions;
import org.jspecify.annotations.Nullable;

/**
 * {@code var("name")} in jq: a variable of the exchange as JSON, {@code null} when it is not set. Camel's own
 * {@code variable("name")} gives its text. Stateless.
 */
@BuiltinFunction("var/1")
public final class JqVariable extends JqFunctions.ExchangeAwareFunction {

    @Override
    protected void doApply(
            Scope scope,
            List<Expression> arguments,
            JsonNode in,
            @Nullable Path path,
            PathOutput output,
            Version version,
            Exchange exchange)
            throws JsonQueryException {
        arguments.get(0).apply(scope, in, name -> {
            JsonNode value;
            try {
                value = Json.tree(exchange.getVariable(name.asText()));
            } catch (IllegalArgumentException e) {
                throw new JsonQueryException("variable '" + name.asText() + "' is not JSON");
            }
            // What fails behind it is no fault of the variable.
            output.emit(value, null);
        });
    }
}
