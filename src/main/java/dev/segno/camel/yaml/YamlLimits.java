package dev.segno.camel.yaml;

/**
 * How large a file may be before it is refused (SECURITY.md S6).
 *
 * @param maxBytes of the file in UTF-8
 * @param maxDepth of nested mappings and sequences, the outermost counts 1
 * @param maxAliases uses of an alias in the file
 * @param maxNodes mappings, sequences and scalars, with aliases written out
 */
public record YamlLimits(int maxBytes, int maxDepth, int maxAliases, int maxNodes) {

    /** 1 MB, 64 levels, 50 aliases, 100,000 nodes. */
    public static final YamlLimits DEFAULT = new YamlLimits(1_000_000, 64, 50, 100_000);
}
