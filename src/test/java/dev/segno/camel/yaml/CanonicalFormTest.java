package dev.segno.camel.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The canonical form is what a version's hash is made of: it may change only with what a file means. */
class CanonicalFormTest {

    private static final String[] WORDS = {"a", "steps", "uri: x", "# no", "true", "12", "1.10", "", "é\"\\n", "{{X}}"};

    @ParameterizedTest
    @MethodSource("seeds")
    void doesNotChangeWithCommentsLayoutAndTheOrderOfKeys(int seed) throws Exception {
        Object value = value(new Random(seed), 4);

        String one =
                YamlTree.read("a.yaml", block(value, "", new Random(seed + 1))).canonical();
        String other =
                YamlTree.read("a.yaml", flow(value, new Random(seed + 2))).canonical();

        assertThat(other).as("seed %d", seed).isEqualTo(one);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void isItsOwnCanonicalForm(int seed) throws Exception {
        String canonical = YamlTree.read("a.yaml", flow(value(new Random(seed), 4), new Random(seed)))
                .canonical();

        assertThat(YamlTree.read("a.yaml", canonical).canonical()).isEqualTo(canonical);
    }

    @Test
    void changesWithWhatTheFileMeans() throws Exception {
        List<String> texts = List.of(
                "- a: 1",
                "- a: 2",
                "- a: '1'",
                "- b: 1",
                "- a: 1\n- a: 1",
                "- a: [1]",
                "- a: {b: 1}",
                "- a: [2, 1]",
                "- a: [1, 2]");
        List<String> forms = new ArrayList<>();
        for (String text : texts) {
            forms.add(YamlTree.read("a.yaml", text).canonical());
        }

        assertThat(forms).doesNotHaveDuplicates();
    }

    static IntStream seeds() {
        return IntStream.range(0, 300);
    }

    private static Object value(Random random, int depth) {
        int kind = depth == 0 ? 0 : random.nextInt(4);
        if (kind == 1) {
            List<Object> list = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                list.add(value(random, depth - 1));
            }
            return list;
        }
        if (kind > 1) {
            Map<String, Object> map = new LinkedHashMap<>();
            for (int i = random.nextInt(5); i >= 0; i--) {
                map.put("k" + random.nextInt(10) + WORDS[random.nextInt(2)], value(random, depth - 1));
            }
            return map;
        }
        return switch (random.nextInt(3)) {
            case 0 -> random.nextInt(100);
            case 1 -> random.nextBoolean();
            default -> WORDS[random.nextInt(WORDS.length)];
        };
    }

    private static String block(Object value, String indent, Random random) {
        StringBuilder text = new StringBuilder();
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : shuffled(map, random)) {
                text.append(noise(indent, random))
                        .append(indent)
                        .append(entry.getKey())
                        .append(":");
                text.append(below(entry.getValue(), indent, random));
            }
        } else if (value instanceof List<?> list) {
            for (Object item : list) {
                text.append(noise(indent, random)).append(indent).append("-").append(below(item, indent, random));
            }
        } else {
            text.append(scalar(value, random)).append('\n');
        }
        return text.toString();
    }

    private static String below(Object value, String indent, Random random) {
        return value instanceof Map || value instanceof List
                ? "  # below\n" + block(value, indent + " ".repeat(1 + random.nextInt(4)), random)
                : " " + scalar(value, random) + (random.nextBoolean() ? " # beside" : "") + "\n";
    }

    private static String noise(String indent, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> indent + "# comment: {[\n";
            case 1 -> "\n";
            default -> "";
        };
    }

    private static String flow(Object value, Random random) {
        List<String> parts = new ArrayList<>();
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : shuffled(map, random)) {
                parts.add("\"" + entry.getKey() + "\": " + flow(entry.getValue(), random));
            }
            return "{" + String.join(random.nextBoolean() ? "," : " ,\n  ", parts) + "}";
        }
        if (value instanceof List<?> list) {
            for (Object item : list) {
                parts.add(flow(item, random));
            }
            return "[" + String.join(random.nextBoolean() ? ", " : ",\n", parts) + "]";
        }
        return scalar(value, random);
    }

    private static String scalar(Object value, Random random) {
        if (!(value instanceof String text)) {
            return value.toString();
        }
        return random.nextBoolean() && !text.contains("\n")
                ? "'" + text.replace("'", "''") + "'"
                : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static List<Map.Entry<?, ?>> shuffled(Map<?, ?> map, Random random) {
        List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
        Collections.shuffle(entries, random);
        return entries;
    }
}
