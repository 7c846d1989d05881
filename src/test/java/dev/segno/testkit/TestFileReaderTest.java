package dev.segno.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TestFileReaderTest {

    private static final String RIGHT = "expect: {state: COMPLETED}";

    @TempDir
    Path directory;

    private TestFileReader.Read read(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("a.test.yaml"), text);
        return TestFileReader.read(file, Set.of("order", "refund"));
    }

    static Stream<Arguments> wrongFiles() {
        return Stream.of(
                wrong("[1, 2]", ":1:1:", "a test file must be a mapping, not a list"),
                wrong("orchestration: order\ncases: []", ":1:1:", "the file has no cases"),
                wrong("orchestration: order\ncases: {a: b}", ":2:8:", "'cases' must be a list, not a mapping"),
                wrong("cases: [{name: a, " + RIGHT + "}]", ":1:9:", "nothing says which orchestration"),
                wrong("orchestration: ordr\ncases: [{name: a, " + RIGHT + "}]", ":1:16:", "Did you mean 'order'?"),
                wrong("orchestration: x\ncases: [{name: a, " + RIGHT + "}]", ":1:16:", "There are order, refund"),
                wrong(cases("{" + RIGHT + "}"), ":3:5:", "'name' is missing. Say what the case shows"),
                wrong(cases("{name: a}"), ":3:5:", "the case expects nothing"),
                wrong(cases("{name: a, expct: {}, " + RIGHT + "}"), ":3:15:", "Did you mean 'expect'?"),
                wrong(cases("{name: a, expect: {state: COMPLETE}}"), ":3:31:", "Did you mean COMPLETED?"),
                wrong(cases("{name: a, " + RIGHT + "}\n  - {name: a, " + RIGHT + "}"), ":4:5:", "stands twice"),
                wrong(cases("{name: a, skip: soon, " + RIGHT + "}"), ":3:21:", "'soon' is no time"),
                wrong(cases("{name: a, now: today, " + RIGHT + "}"), ":3:20:", "'today' is no point in time"),
                wrong(cases("{name: a, retries: often, " + RIGHT + "}"), ":3:24:", "must be a number from 0"),
                wrong(cases("{name: a, crash: {at: x}, " + RIGHT + "}"), ":3:23:", "'at' is no key of a crash"),
                wrong(cases("{name: a, crash: {after: x, in: y}, " + RIGHT + "}"), ":3:22:", "a crash has one place"),
                wrong(cases("{name: a, signals: [{body: 1}], " + RIGHT + "}"), ":3:25:", "'name' is missing"),
                wrong(
                        cases("{name: a, calls: {stock: {reserve: {}}}, " + RIGHT + "}"),
                        ":3:31:",
                        "'reserve' is no path"),
                wrong(cases("{name: a, calls: {stock: {/x: 1}}, " + RIGHT + "}"), ":3:35:", "must be a list"),
                wrong(
                        cases("{name: a, calls: {stock: {/x: {status: 99}}}, " + RIGHT + "}"),
                        ":3:35:",
                        "99 is no status"),
                wrong(
                        cases("{name: a, calls: {stock: {/x: {hang: true, status: 200}}}, " + RIGHT + "}"),
                        ":3:35:",
                        "gets no answer"),
                wrong(
                        cases("{name: a, calls: {stock: {/x: {hang: maybe}}}, " + RIGHT + "}"),
                        ":3:42:",
                        "true or false"),
                wrong(cases("{name: a, expect: {calls: {stock: 1}}}"), ":3:32:", "does not say which calls"),
                wrong(cases("{name: a, expect: {steps: [{state: COMPLETED}]}}"), ":3:32:", "'key' is missing"),
                wrong("a: b: c", ":1:", "a.test.yaml"));
    }

    private static String cases(String one) {
        return "orchestration: order\ncases:\n  - " + one + "\n";
    }

    private static Arguments wrong(String text, String place, String message) {
        return Arguments.of(text, place, message);
    }

    @ParameterizedTest
    @MethodSource("wrongFiles")
    void tellsWhatIsWrongAndWhere(String text, String place, String message) throws IOException {
        assertThat(read(text).problems())
                .anySatisfy(problem ->
                        assertThat(problem.toString()).contains(place).contains(message));
    }

    @Test
    void tellsAllThatIsWrongAtOnce() throws IOException {
        assertThat(read(cases("{retries: x, skip: y, expect: {state: Z}}")).problems())
                .hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void aCasesAnswersOfAPathCountInsteadOfTheFiles() throws IOException {
        TestFileReader.Read read = read("""
                orchestration: order
                settings: {A: 1, B: 1}
                calls:
                  stock:
                    /a: {status: 201}
                    GET /a: {status: 202}
                    /b: {status: 203}
                cases:
                  - name: one
                    settings: {B: 2}
                    calls: {stock: {/a: [{status: 503}, {}]}}
                    expect: {}
                """);

        assertThat(read.problems()).isEmpty();
        TestCase one = read.cases().get(0);
        assertThat(one.settings()).containsEntry("A", "1").containsEntry("B", "2");
        assertThat(one.stubs())
                .extracting(stub ->
                        stub.method() + stub.path() + " " + stub.answers().size() + " " + stub.always())
                .containsExactly("null/a 2 false", "GET/a 1 true", "null/b 1 true");
        assertThat(one.expect().state()).isEqualTo("COMPLETED");
        assertThat(one.place()).endsWith("a.test.yaml:9");
    }
}
