package dev.segno.camel.yaml;

import org.jspecify.annotations.Nullable;

/**
 * The way from a tree's root to one of its nodes; as text, a JSON pointer (RFC 6901). Kept as a linked list, because a
 * text per node would make memory grow with the square of a hostile file's size. Immutable.
 *
 * @param parent null for the root
 * @param token a mapping's key or a sequence's index (from zero), unescaped; empty for the root
 */
public record NodePath(@Nullable NodePath parent, String token) {

    /** The path of the root, as text the empty string. */
    public static final NodePath ROOT = new NodePath(null, "");

    /** The path of this node's child under a key. */
    public NodePath child(String key) {
        return new NodePath(this, key);
    }

    /** The path of this node's child at an index, from zero. */
    public NodePath child(int index) {
        return new NodePath(this, Integer.toString(index));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        append(this, text);
        return text.toString();
    }

    private static void append(NodePath path, StringBuilder text) {
        if (path.parent != null) {
            append(path.parent, text);
            text.append('/').append(path.token.replace("~", "~0").replace("/", "~1"));
        }
    }
}
