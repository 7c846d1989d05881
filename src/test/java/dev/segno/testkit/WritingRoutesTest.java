package dev.segno.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.camel.yaml.EipRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** docs/writing-routes.md is true: its examples and the README's load, their tests pass, its table is the checker's. */
class WritingRoutesTest {

    private static final Path DOCUMENT = Path.of("docs/writing-routes.md");
    private static final Pattern BLOCK = Pattern.compile("^```yaml\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final String BEGIN = "<!-- eips -->\n";
    private static final String END = "<!-- /eips -->";

    /** With this property the test writes the table instead of comparing it. */
    private static final String WRITE = "segno.docs.write";

    @TempDir
    static Path directory;

    /** The examples as files: a block with cases belongs to the routes before it. */
    private static int writeExamples(Path document) throws IOException {
        int blocks = 0;
        for (Matcher block = BLOCK.matcher(Files.readString(document)); block.find(); ) {
            String text = block.group(1);
            blocks += text.startsWith("- ") ? 1 : 0;
            String suffix = text.startsWith("- ") ? ".camel.yaml" : ".test.yaml";
            String name = document.getFileName().toString().replace(".md", "") + "-" + blocks + suffix;
            Path file = directory.resolve("guide").resolve(name);
            Files.createDirectories(file.getParent());
            assertThat(file).as("two test blocks behind one route block").doesNotExist();
            Files.writeString(file, text);
        }
        return blocks;
    }

    @TestFactory
    Stream<DynamicNode> theExamplesDoWhatTheirTestsSay() throws IOException {
        assertThat(writeExamples(DOCUMENT)).isGreaterThanOrEqualTo(5);
        assertThat(writeExamples(Path.of("README.md"))).isPositive();
        return RouteTests.in(directory);
    }

    @Test
    void theTableIsThatOfTheChecker() throws IOException {
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf(BEGIN) + BEGIN.length();
        int end = document.indexOf(END);
        assertThat(begin).isLessThanOrEqualTo(end);
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(DOCUMENT, document.substring(0, begin) + table() + document.substring(end));
        } else {
            assertThat(document.substring(begin, end))
                    .as(
                            "%s is stale; write its table anew with: ./mvnw test -Dtest=WritingRoutesTest -D%s=true",
                            DOCUMENT, WRITE)
                    .isEqualTo(table());
        }
    }

    private static String table() {
        Map<EipRules.Verdict, Map<String, List<String>>> names = new LinkedHashMap<>();
        for (EipRules.Verdict verdict : EipRules.Verdict.values()) {
            names.put(verdict, new LinkedHashMap<>());
        }
        EipRules.all()
                .values()
                .forEach(rule -> names.getOrDefault(rule.verdict(), new TreeMap<>())
                        .computeIfAbsent(rule.reason() + " | " + instead(rule), row -> new ArrayList<>())
                        .add("`" + rule.name() + "`"));
        StringBuilder table = new StringBuilder();
        names.forEach((verdict, rows) -> {
            table.append("**").append(headline(verdict)).append("**\n\n| EIP | | instead |\n|---|---|---|\n");
            rows.forEach((row, eips) -> table.append("| ")
                    .append(eips.stream().collect(Collectors.joining(", ")))
                    .append(" | ")
                    .append(row)
                    .append(" |\n"));
            table.append('\n');
        });
        return table.toString();
    }

    private static String instead(EipRules.Rule rule) {
        return rule.verdict() == EipRules.Verdict.WITH_STEPS ? "" : rule.advice();
    }

    private static String headline(EipRules.Verdict verdict) {
        return switch (verdict) {
            case WITH_STEPS -> "Anywhere in a run; steps may stand in it";
            case WITHOUT_STEPS -> "Anywhere in a run; it holds no steps";
            case INSIDE_A_STEP -> "Only inside a step, and it holds none";
            case REFUSED -> "Nowhere in a run";
        };
    }
}
