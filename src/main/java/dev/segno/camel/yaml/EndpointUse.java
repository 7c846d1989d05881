package dev.segno.camel.yaml;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place where a file names an endpoint.
 *
 * @param uri as written; of an expression that computes addresses, one of its constant parts
 * @param at the scalar that holds it
 * @param parameters those that stand beside it; null where there are none
 */
record EndpointUse(
        CamelUri uri, Role role, YamlScalar at, @Nullable YamlMapping parameters) {

    /** One without parameters beside it. */
    EndpointUse(CamelUri uri, Role role, YamlScalar at) {
        this(uri, role, at, null);
    }

    enum Role {
        /** {@code from}. */
        CONSUMER,
        /** {@code to} and its like: the address is written out. */
        PRODUCER,
        /** {@code toD}, {@code recipientList} and their like: parts of the address may come from the exchange. */
        DYNAMIC
    }

    /** Whether even the component comes from the exchange. */
    boolean isHidden() {
        return uri.scheme().isEmpty() || SimpleText.hasFunction(uri.scheme());
    }

    /** Whether the part behind the component is the same for every exchange and every setting. */
    boolean isFixed() {
        return !SimpleText.hasFunction(uri.name()) && !uri.name().contains("{{");
    }

    /** The names of its options, each with where it stands; those of the query stand where the address does. */
    Map<String, YamlScalar> optionNames() {
        Map<String, YamlScalar> names = new LinkedHashMap<>();
        uri.options().keySet().forEach(name -> names.put(name, at));
        if (parameters != null) {
            parameters.entries().forEach((name, entry) -> names.put(name, entry.key()));
        }
        return names;
    }
}
