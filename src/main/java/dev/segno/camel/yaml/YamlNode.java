package dev.segno.camel.yaml;

import org.jspecify.annotations.Nullable;

/**
 * A node of a YAML tree with the place where it stands. A node that was written through an alias has the place of its
 * anchor and a path of its own. Immutable.
 */
public sealed interface YamlNode permits YamlMapping, YamlSequence, YamlScalar {

    /** Line of the node's first character, from 1. */
    int line();

    /** Column of the node's first character, from 1. */
    int column();

    /** The way from the root to this node. */
    NodePath path();

    /** {@link #path()} as a JSON pointer; the empty string for the root. */
    default String pointer() {
        return path().toString();
    }

    /**
     * Follows a JSON pointer from this node.
     *
     * @param pointer RFC 6901, relative to this node; the empty string is this node
     * @return the node, or null where there is none
     */
    default @Nullable YamlNode at(String pointer) {
        YamlNode node = this;
        if (pointer.isEmpty()) {
            return node;
        }
        for (String escaped : pointer.substring(1).split("/", -1)) {
            String token = escaped.replace("~1", "/").replace("~0", "~");
            YamlNode child = null;
            if (node instanceof YamlMapping mapping) {
                child = mapping.get(token);
            } else if (node instanceof YamlSequence sequence && token.matches("\\d{1,9}")) {
                int index = Integer.parseInt(token);
                child = index < sequence.items().size() ? sequence.items().get(index) : null;
            }
            if (child == null) {
                return null;
            }
            node = child;
        }
        return node;
    }

    /** What the node is, in the words of a message to a user: "a mapping", "a list", "a number", … */
    default String kindName() {
        if (this instanceof YamlMapping) {
            return "a mapping";
        }
        if (this instanceof YamlScalar scalar) {
            return switch (scalar.kind()) {
                case STRING -> "a text";
                case INTEGER, DECIMAL -> "a number";
                case BOOLEAN -> "a truth value";
                case NULL -> "nothing";
            };
        }
        return "a list";
    }
}
