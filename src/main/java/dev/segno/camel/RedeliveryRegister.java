package dev.segno.camel;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.RedeliveryPolicyDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the redelivery policies that were taken out of {@code onException} clauses. A clause of a route
 * configuration is shared by many routes, and only the first of them finds its policy still in place. Thread-safe.
 */
final class RedeliveryRegister {

    // Definitions do not define equality, so these maps tell them apart by identity.
    private final Map<OnExceptionDefinition, RedeliveryPolicyDefinition> taken =
            Collections.synchronizedMap(new WeakHashMap<>());

    /** The policy that a clause declares or declared, which Camel itself no longer sees; null when there is none. */
    @Nullable
    RedeliveryPolicyDefinition takeFrom(OnExceptionDefinition clause) {
        RedeliveryPolicyDefinition declared = clause.getRedeliveryPolicyType();
        if (declared != null && !taken.containsKey(clause)) {
            taken.put(clause, declared);
            // A clause that says nothing else would not be valid without any.
            clause.setRedeliveryPolicyType(new RedeliveryPolicyDefinition().maximumRedeliveries("0"));
        }
        return taken.get(clause);
    }
}
