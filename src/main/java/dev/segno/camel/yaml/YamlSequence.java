package dev.segno.camel.yaml;

import java.util.List;

/**
 * A sequence.
 *
 * @param items in the file's order; unmodifiable
 */
public record YamlSequence(List<YamlNode> items, int line, int column, NodePath path) implements YamlNode {

    public YamlSequence {
        items = List.copyOf(items);
    }
}
