package dev.segno.camel.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An EIP as it stands in a list of steps, or a clause of one ({@code when}, {@code doCatch}, …).
 *
 * @param name its key in the YAML DSL
 * @param key the key with its place
 * @param value its options; a scalar in the short forms
 */
record EipNode(String name, YamlScalar key, YamlNode value) {

    private static final Set<String> CLAUSES = Set.of("when", "otherwise", "doCatch", "doFinally", "onFallback");

    /** The EIPs of a list of steps. */
    static List<EipNode> in(@Nullable YamlSequence steps) {
        List<EipNode> found = new ArrayList<>();
        if (steps != null) {
            for (YamlNode item : steps.items()) {
                if (item instanceof YamlMapping mapping) {
                    mapping.entries()
                            .forEach((name, entry) -> found.add(new EipNode(name, entry.key(), entry.value())));
                }
            }
        }
        return found;
    }

    /** What it holds: first the EIPs of its own steps, then its clauses. */
    List<EipNode> children() {
        if (!(value instanceof YamlMapping mapping)) {
            return List.of();
        }
        List<EipNode> found = new ArrayList<>(in(mapping.sequence("steps")));
        for (Map.Entry<String, YamlMapping.Entry> entry : mapping.entries().entrySet()) {
            if (CLAUSES.contains(entry.getKey())) {
                YamlNode clause = entry.getValue().value();
                List<YamlNode> all = clause instanceof YamlSequence list ? list.items() : List.of(clause);
                for (YamlNode one : all) {
                    found.add(new EipNode(entry.getKey(), entry.getValue().key(), one));
                }
            }
        }
        return found;
    }

    /** An option's text, or null. */
    @Nullable
    String option(String option) {
        return value instanceof YamlMapping mapping ? mapping.text(option) : null;
    }

    /** An option's node, or null. */
    @Nullable
    YamlNode node(String option) {
        return value instanceof YamlMapping mapping ? mapping.get(option) : null;
    }

    /** The endpoints that it names itself, without those of the EIPs in it. */
    List<EndpointUse> endpoints() {
        List<EndpointUse> own = new ArrayList<>();
        if (value instanceof YamlMapping mapping) {
            Map<String, YamlMapping.Entry> entries = new LinkedHashMap<>(mapping.entries());
            entries.keySet().removeAll(CLAUSES);
            own.addAll(EndpointFinder.ofOne(
                    name, new YamlMapping(entries, mapping.line(), mapping.column(), mapping.path())));
        } else {
            own.addAll(EndpointFinder.ofOne(name, value));
        }
        return own;
    }

    /** The texts of its own options and expressions, without those of the EIPs in it and without texts for people. */
    List<YamlScalar> texts() {
        List<YamlScalar> found = new ArrayList<>();
        texts(value, found);
        return found;
    }

    private static void texts(YamlNode node, List<YamlScalar> found) {
        if (node instanceof YamlScalar scalar) {
            found.add(scalar);
        } else if (node instanceof YamlSequence sequence) {
            sequence.items().forEach(item -> texts(item, found));
        } else if (node instanceof YamlMapping mapping) {
            mapping.entries().forEach((key, entry) -> {
                boolean own = !key.equals("steps")
                        && !CLAUSES.contains(key)
                        && !Set.of("id", "description", "note").contains(key);
                if (own) {
                    texts(entry.value(), found);
                }
            });
        }
    }
}
