package dev.segno.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What differs from what a test file says is told, and nothing stays behind. */
class TestSessionTest {

    private static final String ROUTE = """
            - route:
                id: order
                from:
                  uri: orchestration:order
                  steps:
                    - step:
                        id: reserve
                        steps:
                          - to: kamelet:call?service=stock&path=/reserve
                    - step:
                        id: pay
                        steps:
                          - to: kamelet:call?service=payment&path=/pay
            """;

    private static final String CALLS = """
            orchestration: order
            calls:
              stock:
                /reserve: {body: {reserved: true}}
              payment:
                /pay: {body: {paid: 20, currency: AUD}}
            """;

    @TempDir
    Path directory;

    @BeforeEach
    void writeRoute() throws IOException {
        write("shop/order.camel.yaml", ROUTE);
    }

    private void write(String path, String text) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private TestSession open() throws IOException {
        return TestSession.open(List.of(directory), Path.of("routes"));
    }

    /** The result of a file with one case. */
    private CaseResult result(String testCase) throws IOException {
        write("shop/order.test.yaml", CALLS + "cases:\n" + testCase.indent(2));
        try (TestSession session = open()) {
            assertThat(session.problems()).isEmpty();
            CaseResult result = session.files().get(0).cases().get(0).run();
            assertThat(session.scratch()).isEmptyDirectory();
            return result;
        }
    }

    @Test
    void tellsWhatDiffers() throws IOException {
        CaseResult result = result("""
                - name: pays
                  expect:
                    state: PARKED
                    output: {paid: 21, by: card}
                    steps: [reserve, pack, {key: pay, attempts: 2}]
                    attributes: {progress: 3}
                    calls:
                      stock /reserve: 2
                      payment /pay:
                        - {key: reserve, body: {reserved: false}}
                    runs: [mail]
                """);

        assertThat(result.passed()).isFalse();
        assertThat(result.report())
                .startsWith(result.file() + ":8")
                .contains(
                        "state: expected PARKED, was COMPLETED",
                        "output.paid: expected 21, was 20",
                        "output.by: expected \"card\", and it is not there",
                        "output.currency: not expected, was \"AUD\"",
                        "    reserve",
                        "  - pack   expected, and not there",
                        "steps.pay.attempts: expected 2, was 1",
                        "attributes.progress: expected 3, and it is not there",
                        "calls.stock /reserve: expected 2 call(s), was 1",
                        "calls.payment /pay[0].key: expected that of reserve, was pay",
                        "calls.payment /pay[0].body.reserved: expected false, was true",
                        "  - mail   expected, and not there");
    }

    @Test
    void tellsWhyARunDidNotComplete() throws IOException {
        CaseResult result = result("""
                - name: pays
                  calls:
                    payment:
                      /pay: {status: 422, body: no such card}
                  expect: {state: COMPLETED}
                """);

        assertThat(result.differences())
                .singleElement()
                .asString()
                .startsWith("state: expected COMPLETED, was PARKED at pay: Service 'payment'")
                .contains("422", "no such card");
    }

    @Test
    void tellsOfACallWithoutAnAnswer() throws IOException {
        CaseResult result = result("""
                - name: pays
                  calls:
                    payment:
                      /refund: {}
                      /pay: []
                  expect: {state: PARKED}
                """);

        assertThat(result.differences())
                .singleElement()
                .asString()
                .contains("no answer to call 1 of payment POST /pay with {\"reserved\":true}");
    }

    @Test
    void tellsWhatNeverHappened() throws IOException {
        CaseResult result = result("""
                - name: pays
                  retries: 1
                  crash: {after: refund}
                  signals:
                    - {name: go}
                  expect: {state: COMPLETED}
                """);

        assertThat(result.differences())
                .anySatisfy(line -> assertThat(line).startsWith("crash: the run never came after refund"))
                .anySatisfy(line -> assertThat(line).startsWith("signals: 'go' was not sent"))
                .anySatisfy(line -> assertThat(line).startsWith("retries: expected 1, but the run stood only 0"));
    }

    @Test
    void aServiceWithoutAnswersIsNotThere() throws IOException {
        write("shop/order.test.yaml", """
                orchestration: order
                cases:
                  - name: has no services
                    expect: {state: COMPLETED}
                """);
        try (TestSession session = open()) {
            assertThat(session.files().get(0).cases().get(0).run().differences())
                    .singleElement()
                    .asString()
                    .contains("set STOCK_URL");
        }
    }

    @Test
    void nothingStaysBehind() throws IOException {
        write("shop/order.test.yaml", CALLS + "cases: [{name: pays, expect: {state: COMPLETED}}]\n");
        TestSession session = open();
        assertThat(session.files().get(0).cases().get(0).run().passed()).isTrue();
        session.close();

        assertThat(session.scratch()).doesNotExist();
    }

    @Test
    void nothingRunsWhileAFileIsWrong() throws IOException {
        write("shop/order.test.yaml", CALLS + "cases: [{name: pays, expect: {state: COMPLETED}}]\n");
        write("shop/other.camel.yaml", ROUTE.replace("id: reserve", "name: reserve"));
        try (TestSession session = open()) {
            assertThat(session.problems())
                    .anySatisfy(problem -> assertThat(problem.file()).isEqualTo("shop/other.camel.yaml"));
            TestSession.Case pays = session.files().get(0).cases().get(0);
            assertThatThrownBy(pays::run).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void junitIsToldOfWrongFiles() throws IOException {
        write("shop/order.test.yaml", "orchestration: ordr\ncases: [{name: pays, expect: {state: COMPLETED}}]\n");

        assertThatThrownBy(() -> RouteTests.in(directory))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(
                        "order.test.yaml:1:16: error: there is no orchestration 'ordr'. Did you mean 'order'?");
    }

    @Test
    void junitIsToldThatThereAreNoTests() {
        assertThatThrownBy(() -> RouteTests.in(directory))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no files *.test.yaml");
    }
}
