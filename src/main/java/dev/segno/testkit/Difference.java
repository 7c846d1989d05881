package dev.segno.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.difflib.DiffUtils;
import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.DeltaType;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares what was expected with what was, in words for people. */
final class Difference {

    private static final int SHOWN = 300;

    private Difference() {}

    /** Whether {@code actual} includes what was expected. */
    static boolean includes(JsonNode actual, JsonNode expected) {
        List<String> differences = new ArrayList<>();
        compare("", expected, actual, true, differences);
        return differences.isEmpty();
    }

    /**
     * Adds a line for each value that differs.
     *
     * @param at   what is compared, as it is called in the test file
     * @param part whether {@code actual} may hold keys that were not expected
     */
    static void compare(
            String at, JsonNode expected, @Nullable JsonNode actual, boolean part, List<String> differences) {
        if (actual == null || actual.isMissingNode()) {
            differences.add(at + ": expected " + shown(expected) + ", and it is not there");
        } else if (expected.isObject() && actual.isObject()) {
            for (Iterator<Map.Entry<String, JsonNode>> fields = expected.fields(); fields.hasNext(); ) {
                Map.Entry<String, JsonNode> field = fields.next();
                compare(at + "." + field.getKey(), field.getValue(), actual.get(field.getKey()), part, differences);
            }
            if (!part) {
                actual.fieldNames().forEachRemaining(name -> {
                    if (!expected.has(name)) {
                        differences.add(at + "." + name + ": not expected, was " + shown(actual.get(name)));
                    }
                });
            }
        } else if (expected.isArray() && actual.isArray()) {
            if (expected.size() != actual.size()) {
                differences.add(
                        at + ": expected " + expected.size() + " entries, was " + actual.size() + ": " + shown(actual));
            }
            for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
                compare(at + "[" + i + "]", expected.get(i), actual.get(i), part, differences);
            }
        } else if (!isSame(expected, actual)) {
            differences.add(at + ": expected " + shown(expected) + ", was " + shown(actual));
        }
    }

    private static boolean isSame(JsonNode expected, JsonNode actual) {
        return (expected.isNumber() && actual.isNumber())
                ? expected.decimalValue().compareTo(actual.decimalValue()) == 0
                : expected.equals(actual);
    }

    static String shown(@Nullable JsonNode value) {
        String text = value == null ? "nothing" : value.toString();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }

    /** Both lists as one, with what is missing and what is too much; empty when they are the same. */
    static List<String> ofLines(List<String> expected, List<String> actual) {
        if (expected.equals(actual)) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        for (AbstractDelta<String> delta :
                DiffUtils.diff(expected, actual, true).getDeltas()) {
            if (delta.getType() == DeltaType.EQUAL) {
                delta.getSource().getLines().forEach(line -> lines.add("    " + line));
            } else {
                delta.getSource().getLines().forEach(line -> lines.add("  - " + line + "   expected, and not there"));
                delta.getTarget().getLines().forEach(line -> lines.add("  + " + line + "   there, and not expected"));
            }
        }
        return lines;
    }
}
