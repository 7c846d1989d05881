package dev.segno.camel;

import dev.segno.camel.yaml.EipRules;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.RoutingSlipDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;

/** Tells which nodes may change the world. Each replay runs them again; a rehearsal must not. */
final class EffectOutsideStep {

    private static final Pattern WITHOUT_EFFECT = Pattern.compile(
            "(?:direct|log|language|json-validator|jslt|await|mock|stub):.*|runs:(?:latest|get|list)\\b.*",
            Pattern.DOTALL);

    private EffectOutsideStep() {}

    /** Whether the node acts by itself, and not only what stands in it. */
    static boolean isIn(ProcessorDefinition<?> definition) {
        if (definition instanceof ToDynamicDefinition dynamic) {
            return acts(dynamic.getUri());
        }
        if (definition instanceof ToDefinition to) {
            return acts(to.getEndpointUri());
        }
        if (definition instanceof RecipientListDefinition || definition instanceof RoutingSlipDefinition) {
            String targets = ((ExpressionNode) definition).getExpression().getExpression();
            return targets == null || Arrays.stream(targets.split(",")).anyMatch(target -> acts(target.trim()));
        }
        EipRules.Rule rule = EipRules.of(definition.getShortName());
        return rule != null && rule.effect();
    }

    private static boolean acts(String uri) {
        return !WITHOUT_EFFECT.matcher(uri).matches();
    }
}
