package dev.segno.camel.yaml;

/**
 * How large a file may be before it is refused (S6 in docs/proof.md).
 *
 * @param maxBytes of the file in UTF-8
 * @param maxDepth of nested mappings and sequences, the outermost counts 1
 * @param maxAliases uses of an alias in the file
 * @param maxNodes mappings, sequences and scalars, with aliases written out
 * @param maxLine characters in a line: scanning a long one is slow
 */
public record YamlLimits(int maxBytes, int maxDepth, int maxAliases, int maxNodes, int maxLine) {

    /** 1 MB, 64 levels, 50 aliases, 20,000 nodes (some 5,000 lines), 20,000 characters a line. */
    public static final YamlLimits DEFAULT = new YamlLimits(1_000_000, 64, 50, 20_000, 20_000);
}
