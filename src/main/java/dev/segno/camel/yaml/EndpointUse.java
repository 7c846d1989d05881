package dev.segno.camel.yaml;

/**
 * A place where a file names an endpoint.
 *
 * @param uri as written; of an expression that computes addresses, one of its constant parts
 * @param at the scalar that holds it
 */
record EndpointUse(CamelUri uri, Role role, YamlScalar at) {

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
}
