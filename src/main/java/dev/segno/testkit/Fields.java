package dev.segno.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.camel.yaml.Problem;
import dev.segno.camel.yaml.Spelling;
import dev.segno.camel.yaml.YamlMapping;
import dev.segno.camel.yaml.YamlNode;
import dev.segno.camel.yaml.YamlScalar;
import dev.segno.camel.yaml.YamlSequence;
import dev.segno.camel.yaml.YamlTree;
import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The keys of one mapping of a test file, read by what they should be; what is something else is a problem. */
final class Fields {

    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    private final String file;
    private final YamlMapping mapping;
    private final List<Problem> problems;

    private Fields(String file, YamlMapping mapping, List<Problem> problems) {
        this.file = file;
        this.mapping = mapping;
        this.problems = problems;
    }

    /**
     * The keys of a node.
     *
     * @param what  what the node is, for messages
     * @param known keys that it may have
     */
    static Fields of(String file, YamlNode node, List<Problem> problems, String what, Set<String> known) {
        Fields fields = any(file, node, problems, what);
        fields.mapping.entries().values().forEach(entry -> {
            String key = entry.key().text();
            if (!known.contains(key)) {
                String meant = Spelling.closest(key, known);
                fields.problem(
                        entry.key(),
                        "'" + key + "' is no key of " + what,
                        meant == null ? "There are " + String.join(", ", known) : "Did you mean '" + meant + "'?");
            }
        });
        return fields;
    }

    /** The keys of a node that may have any. */
    static Fields any(String file, YamlNode node, List<Problem> problems, String what) {
        if (node instanceof YamlMapping found) {
            return new Fields(file, found, problems);
        }
        problems.add(Problem.error(
                file, node, what + " must be a mapping, not " + node.kindName(), "See docs/testing.md for its keys"));
        return new Fields(file, new YamlMapping(Map.of(), node.line(), node.column(), node.path()), problems);
    }

    Map<String, YamlMapping.Entry> entries() {
        return mapping.entries();
    }

    YamlMapping node() {
        return mapping;
    }

    void problem(YamlNode at, String what, String advice) {
        problems.add(Problem.error(file, at, what, advice));
    }

    boolean has(String key) {
        return mapping.has(key);
    }

    @Nullable
    YamlNode get(String key) {
        return mapping.get(key);
    }

    @Nullable
    String text(String key) {
        YamlNode node = mapping.get(key);
        if (node == null) {
            return null;
        }
        if (node instanceof YamlScalar scalar && scalar.kind() != YamlScalar.Kind.NULL) {
            return scalar.text();
        }
        problem(node, "'" + key + "' must be a text, not " + node.kindName(), "Write one value behind it");
        return null;
    }

    /** A text that must be there; empty where it is not. */
    String required(String key, String advice) {
        if (!mapping.has(key)) {
            problem(mapping, "'" + key + "' is missing", advice);
        }
        String text = text(key);
        return text == null ? "" : text;
    }

    @Nullable
    Integer number(String key) {
        String text = text(key);
        if (text == null) {
            return null;
        }
        if (!NUMBER.matcher(text).matches()) {
            problem(at(key), "'" + key + "' must be a number from 0, not '" + text + "'", "Write it in digits");
            return null;
        }
        return Integer.valueOf(text);
    }

    boolean flag(String key) {
        String text = text(key);
        if (text != null && !text.equals("true") && !text.equals("false")) {
            problem(at(key), "'" + key + "' must be true or false, not '" + text + "'", "Write one of the two");
        }
        return "true".equals(text);
    }

    @Nullable
    Duration duration(String key) {
        String text = text(key);
        if (text == null) {
            return null;
        }
        try {
            return Settings.durationOf(key, text);
        } catch (SettingsException e) {
            problem(
                    at(key),
                    "'" + text + "' is no time",
                    "Write a number with ms, s, m, h or d behind it, as in 30s or 2h");
            return null;
        }
    }

    @Nullable
    JsonNode json(String key) {
        YamlNode node = mapping.get(key);
        return node == null ? null : new YamlTree(file, node).toJson();
    }

    /** The entries of a list; of something else, that alone. */
    List<YamlNode> listOrOne(String key) {
        YamlNode node = mapping.get(key);
        if (node == null) {
            return List.of();
        }
        return node instanceof YamlSequence list ? list.items() : List.of(node);
    }

    List<YamlNode> list(String key) {
        YamlNode node = mapping.get(key);
        if (node != null && !(node instanceof YamlSequence)) {
            problem(node, "'" + key + "' must be a list, not " + node.kindName(), "Begin each entry with '- '");
            return List.of();
        }
        return listOrOne(key);
    }

    Map<String, String> texts(String key) {
        YamlNode node = mapping.get(key);
        if (node == null) {
            return Map.of();
        }
        Fields fields = any(file, node, problems, "'" + key + "'");
        Map<String, String> texts = new LinkedHashMap<>();
        for (String name : fields.entries().keySet()) {
            String text = fields.text(name);
            if (text != null) {
                texts.put(name, text);
            }
        }
        return texts;
    }

    private YamlNode at(String key) {
        YamlNode node = mapping.get(key);
        return node == null ? mapping : node;
    }
}
