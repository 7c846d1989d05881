package dev.segno.camel.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are small to send and large to read (S6). */
class YamlBombTest {

    /** The requirement is 100 ms on a quiet machine; a bomb that goes off takes seconds or all memory. */
    private static final Duration LIMIT = Duration.ofSeconds(1);

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void S6_refusesSoon(String name, String text, String message) {
        check(text);

        long started = System.nanoTime();
        CheckedRouteFile checked = check(text);
        Duration taken = Duration.ofNanos(System.nanoTime() - started);

        assertThat(checked.file()).isNull();
        assertThat(checked.problems()).singleElement().asString().contains(message);
        assertThat(taken).isLessThan(LIMIT);
    }

    static Stream<Arguments> S6_refusesSoon() {
        return Stream.of(
                Arguments.of("more than 1 MB", "- a\n".repeat(250_001), "larger than 1,000,000 bytes"),
                Arguments.of("1 MB in characters of two bytes", "- " + "ä".repeat(500_000), "larger than 1,000,000"),
                Arguments.of("65 levels", "- ".repeat(64) + "[x]", "1:129: error: nested deeper than 64 levels"),
                Arguments.of("half a million brackets", "[\n".repeat(499_999), "nested deeper than 64 levels"),
                Arguments.of("half a million braces", "{a: \n".repeat(199_000), "nested deeper than 64 levels"),
                Arguments.of("dashes", "- ".repeat(9_999), "nested deeper than 64 levels"),
                Arguments.of("question marks", "? ".repeat(9_999), "a key that is no plain text"),
                Arguments.of("51 aliases", "a: &a 1\nb: [" + "*a,".repeat(51) + "]", "more than 50 aliases"),
                Arguments.of("billion laughs", laughs(9, 5), "more than 20,000 nodes"),
                Arguments.of("laughs, two by two", laughs(2, 25), "more than 20,000 nodes"),
                Arguments.of("laughs of depth", depth(), "nested deeper than 64 levels with its aliases written out"),
                Arguments.of(
                        "laughs of text",
                        "a: &a " + "x".repeat(900_000) + "\n" + laughs(9, 5),
                        "a line longer than 20,000"),
                Arguments.of(
                        "a long line", "- x\n- " + "x".repeat(20_000), "2:20001: error: a line longer than 20,000"),
                Arguments.of("a long alias", "- *" + "x".repeat(19_000), "an alias without a finished anchor"),
                Arguments.of("400,000 scalars", "[" + "1,\n".repeat(300_000) + "]", "more than 20,000 nodes"),
                Arguments.of("100,000 keys", keys(100_000), "more than 20,000 nodes"),
                Arguments.of("long key over many", "k".repeat(15_000) + ": [" + "1,\n".repeat(300_000), "not YAML"),
                Arguments.of("quoted long key", "\"" + "k".repeat(1_001) + "\": 1", "longer than 1,000 characters"),
                Arguments.of("explicit long key", "? " + "k".repeat(2_000) + "\n: 1", "longer than 1,000 characters"),
                Arguments.of("a key twice", "a: 1\n".repeat(2), "2:1: error: the key 'a' stands twice"),
                Arguments.of("a key twice, spelt otherwise", "{a: 1, \"\\x61\": 2}", "the key 'a' stands twice"),
                Arguments.of("a class", "- !!javax.script.ScriptEngineManager []", "the tag"),
                Arguments.of("a local tag", "- !x {}", "the tag '!x'"),
                Arguments.of("anchors on keys", "{&a a: 1, *a : 2}", "a key with an anchor"),
                Arguments.of("a null character", "a: \0", "not YAML"),
                Arguments.of("unpaired surrogates", "a: \"\\ud800\"", "half a character"));
    }

    /** Files within the limits, made to keep the checks busy. */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void S6_checksSoon(String name, String text) {
        check("- route: {}");

        long started = System.nanoTime();
        CheckedRouteFile checked = check(text);
        Duration taken = Duration.ofNanos(System.nanoTime() - started);

        assertThat(checked.loadable()).isFalse();
        assertThat(taken).isLessThan(Duration.ofSeconds(10));
    }

    static Stream<Arguments> S6_checksSoon() {
        return Stream.of(
                Arguments.of("wrong entries", "- 5\n".repeat(19_000)),
                Arguments.of("unknown keys", "- route:\n" + keys(9_000).indent(4)),
                Arguments.of("functions in functions", body("${\n ".repeat(180_000))),
                Arguments.of("functions side by side", body("${body}\n ".repeat(90_000))),
                Arguments.of("placeholders in placeholders", body("{{a:\n ".repeat(80_000) + "}}\n ".repeat(80_000))),
                Arguments.of("a chain of calls", chain(1_400)));
    }

    private static String body(String text) {
        return "- from:\n    uri: orchestration:a\n    steps:\n    - setBody:\n        simple: |-\n%s\n"
                .formatted(text.indent(10));
    }

    private static String chain(int length) {
        return IntStream.range(0, length)
                .mapToObj(i -> "- {from: {uri: '%s:r%d', steps: [{to: 'direct:r%d'}]}}\n"
                        .formatted(i == 0 ? "orchestration" : "direct", i, i + 1))
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @MethodSource
    void S6_survivesNoise(int seed) {
        Random random = new Random(seed);
        String alphabet = "ab: -?[]{}&*!|>'\"%@`#,\n\n  \t\\";
        String noise = IntStream.range(0, 2_000)
                .mapToObj(i -> String.valueOf(alphabet.charAt(random.nextInt(alphabet.length()))))
                .collect(Collectors.joining());

        assertThat(check(noise).problems()).as("seed %d", seed).isNotEmpty();
    }

    static IntStream S6_survivesNoise() {
        return IntStream.range(0, 200);
    }

    private static CheckedRouteFile check(String text) {
        return RouteFileChecker.check("x/bomb.camel.yaml", text, CheckSettings.DEFAULT);
    }

    /** Each level is a list of so many aliases of the level before. */
    private static String laughs(int width, int levels) {
        StringBuilder text = new StringBuilder("l0: &l0 [x, x, x, x]\n");
        for (int level = 1; level <= levels; level++) {
            String alias = "*l" + (level - 1) + ", ";
            text.append("l%d: &l%d [%s]\n".formatted(level, level, alias.repeat(width)));
        }
        return text.toString();
    }

    /** Forty levels, and inside the innermost an alias of forty others. */
    private static String depth() {
        String nested = "[".repeat(40) + "%s" + "]".repeat(40);
        return "a: &a " + nested.formatted("x") + "\nb: " + nested.formatted("*a");
    }

    private static String keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "k" + i + ": 1").collect(Collectors.joining("\n"));
    }
}
