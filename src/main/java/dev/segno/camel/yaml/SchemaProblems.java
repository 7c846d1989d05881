package dev.segno.camel.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The validator's messages about one place, and the few that a reader needs. An unknown key explains a missing one; an
 * alternative of another type than what stands there was not meant; what is wrong inside explains why no alternative
 * fits outside. Not thread-safe.
 */
final class SchemaProblems {

    private final String file;
    private final YamlNode node;
    private final Set<String> unknownKeys = new TreeSet<>();
    private final Set<String> knownKeys = new TreeSet<>();
    private final Set<String> missing = new TreeSet<>();
    private final Set<String> alternatives = new TreeSet<>();
    private final Set<String> types = new TreeSet<>();
    private final Set<String> literals = new TreeSet<>();
    private final List<String> others = new ArrayList<>();
    private boolean twoKeys;
    private boolean empty;
    private boolean noAlternative;

    /** Gathers what is said about a node. */
    SchemaProblems(String file, YamlNode node) {
        this.file = file;
        this.node = node;
    }

    void add(ValidationMessage message) {
        String schemaPath = message.getSchemaLocation().getFragment().toString();
        String owner = schemaPath.substring(0, Math.max(0, schemaPath.lastIndexOf('/')));
        switch (message.getType()) {
            case "additionalProperties" -> {
                unknownKeys.add(message.getProperty());
                CamelSchema.get().part(owner).path("properties").fieldNames().forEachRemaining(knownKeys::add);
            }
            case "required" -> (isAlternative(owner) ? alternatives : missing).add(message.getProperty());
            case "type" -> addTypes(CamelSchema.get().part(owner).path("type"));
            case "pattern" -> addTypes(CamelSchema.get().part(owner).path("type"));
            case "enum" -> CamelSchema.get().part(owner).path("enum").forEach(value -> literals.add(value.asText()));
            case "maxProperties" -> twoKeys = true;
            case "minProperties" -> empty = true;
            case "oneOf", "anyOf", "allOf", "not" -> noAlternative = true;
            default -> others.add(message.getMessage().replaceFirst("^[^:]*: ", ""));
        }
    }

    /**
     * What to tell.
     *
     * @param worseBelow whether something is wrong inside the node, which explains that no alternative fits
     */
    List<Problem> explain(boolean worseBelow) {
        List<Problem> problems = new ArrayList<>();
        boolean suggested = unknownKeys(problems);
        if (!suggested) {
            for (String key : missing) {
                problems.add(problem(node, "%s lacks '%s'".formatted(named(), key), "Add '%s:'".formatted(key)));
            }
        }
        if (twoKeys && node instanceof YamlMapping mapping) {
            problems.add(problem(
                    node,
                    "one entry of a list holds one thing, this one holds %s".formatted(quoted(mapping.keys())),
                    "Begin a new '- ' for each"));
        }
        if (empty) {
            problems.add(problem(node, "%s is empty".formatted(named()), "Write something there, or remove it"));
        }
        if (!literals.isEmpty()) {
            problems.add(problem(
                    node, "%s cannot be '%s'".formatted(named(), text()), "Use one of " + String.join(", ", literals)));
        }
        for (String other : others) {
            problems.add(problem(node, "%s: %s".formatted(named(), other), "Compare Camel's documentation"));
        }
        if (!problems.isEmpty() || worseBelow) {
            return problems;
        }
        if (!types.isEmpty() && alternatives.isEmpty()) {
            problems.add(problem(
                    node, "%s must be %s, not %s".formatted(named(), expected(), node.kindName()), typeAdvice()));
        } else if (!alternatives.isEmpty()) {
            problems.add(alternatives());
        } else if (noAlternative) {
            problems.add(
                    problem(node, "%s has no form that Camel knows".formatted(named()), "Compare its documentation"));
        }
        return problems;
    }

    private boolean unknownKeys(List<Problem> problems) {
        boolean suggested = false;
        for (String key : unknownKeys) {
            YamlScalar at = node instanceof YamlMapping mapping ? mapping.key(key) : null;
            @Nullable String meant = Spelling.closest(key, knownKeys);
            suggested |= meant != null && missing.contains(meant);
            String where = isRoot() ? "at the top of a list entry" : "in " + named();
            problems.add(problem(
                    at == null ? node : at,
                    "unknown key '%s' %s".formatted(key, where),
                    meant != null
                            ? "Did you mean '%s'?".formatted(meant)
                            : knownKeys.size() <= 20 ? "Known here: " + String.join(", ", knownKeys) : "Remove it"));
        }
        return suggested;
    }

    private Problem alternatives() {
        if (node instanceof YamlMapping mapping) {
            List<String> present = alternatives.stream().filter(mapping::has).toList();
            List<String> given = mapping.keys().stream()
                    .filter(key -> alternatives.contains(key) || !missing.contains(key))
                    .filter(key ->
                            !Set.of("id", "description", "note", "disabled").contains(key))
                    .toList();
            if (present.size() > 1 || given.size() > 1) {
                return problem(
                        node,
                        "%s holds more than one of its alternatives: %s"
                                .formatted(named(), quoted(present.size() > 1 ? present : given)),
                        "Keep one of them");
            }
        }
        if (node instanceof YamlMapping mapping) {
            for (YamlMapping.Entry entry : mapping.entries().values()) {
                String meant = Spelling.closest(entry.key().text(), alternatives);
                if (meant != null) {
                    return problem(
                            entry.key(),
                            "unknown key '%s' in %s".formatted(entry.key().text(), named()),
                            "Did you mean '%s'?".formatted(meant));
                }
            }
        }
        return problem(
                node,
                "%s lacks one of %s".formatted(named(), String.join(", ", alternatives)),
                "Add the one that is meant");
    }

    private void addTypes(JsonNode type) {
        boolean orPlaceholder = type.isArray();
        if (orPlaceholder) {
            // The second is the text with a placeholder that stands for the first.
            types.add(type.path(0).asText());
        } else {
            types.add(type.asText());
        }
    }

    private String expected() {
        return String.join(
                " or ",
                types.stream()
                        .sorted(Comparator.reverseOrder())
                        .map(type -> switch (type) {
                            case "string" -> "a text";
                            case "object" -> "a mapping";
                            case "array" -> "a list";
                            case "integer" -> "a whole number";
                            case "number" -> "a number";
                            case "boolean" -> "true or false";
                            default -> type;
                        })
                        .toList());
    }

    private String typeAdvice() {
        if (node instanceof YamlScalar scalar && scalar.kind() == YamlScalar.Kind.NULL) {
            return "Write it, or remove the key";
        }
        if (types.contains("string") && node instanceof YamlScalar) {
            return "Put it in quotes";
        }
        if (types.contains("array")) {
            return "Begin each entry with '- '";
        }
        if (types.contains("object")) {
            return "Write its options as 'name: value' below it";
        }
        return "Correct it, or use a placeholder such as '{{NAME}}'";
    }

    private boolean isRoot() {
        NodePath parent = node.path().parent();
        return parent == null || parent.parent() == null;
    }

    /** The node in the words of the file: the key that it stands under. */
    private String named() {
        NodePath path = node.path();
        String index = "";
        while (path.parent() != null && path.token().matches("\\d+")) {
            index = "an entry of ";
            path = path.parent();
        }
        return path.parent() == null ? "an entry of the file" : index + "'" + path.token() + "'";
    }

    private String text() {
        return node instanceof YamlScalar scalar ? scalar.text() : node.kindName();
    }

    private Problem problem(YamlNode at, String what, String advice) {
        return Problem.error(file, at, what, advice);
    }

    /** Alternatives are told apart by the key that each requires. */
    private static boolean isAlternative(String schemaPath) {
        return schemaPath.contains("/oneOf/") || schemaPath.contains("/anyOf/");
    }

    private static String quoted(Iterable<String> keys) {
        return "'" + String.join("', '", keys) + "'";
    }
}
