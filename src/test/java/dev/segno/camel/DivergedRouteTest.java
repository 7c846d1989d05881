package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.run.Run;
import dev.segno.run.RunState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A route that depends on something that is not recorded is found out before it does harm. */
class DivergedRouteTest extends RouteTest {

    /** What decides stands outside of a step, which the loader warns of. */
    private static final String CHOICE = """
            - to: effect:decide
            - choice:
                when:
                  - simple: "${body} == 'a'"
                    steps:
                      - step: {id: a, steps: [{to: "effect:a"}]}
                otherwise:
                  steps:
                    - step: {id: b, steps: [{to: "effect:b"}]}
            """;

    private static final String REPORT = "- step: {id: report, steps: [{to: \"effect:report\"}]}\n";

    private void deciding(Object answer) {
        harness.world.on("decide", exchange -> answer);
    }

    /** Starts a run that dies at its n-th effect, and lets it go on with another decision. */
    private String goOnWith(Object answer, int n) throws Exception {
        String run = harness.begin("sync", "in", Map.of(World.DIE_AT, n + " before"));
        harness.world.awaitDeath(run);
        harness.die();
        deciding(answer);
        harness.start();
        harness.runtime().recover();
        return run;
    }

    @Test
    void anotherStepThanBeforeIsNotExecuted() throws Exception {
        deciding("a");
        harness.sync(CHOICE + REPORT).start();

        String run = goOnWith("b", 3);

        Run blocked = harness.end(run);
        assertThat(blocked.state()).isEqualTo(RunState.BLOCKED);
        assertThat(String.valueOf(blocked.error())).contains("'b'", "[a]", "Nothing was executed");
        assertThat(harness.world.effects()).containsExactly("decide", "a", "decide");

        deciding("a");
        harness.engine().retry(run).join();
        harness.completed(run);
        assertThat(harness.world.effects()).containsExactly("decide", "a", "decide", "decide", "report");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPartOfASplitThatIsGoneIsFound(boolean parallel) throws Exception {
        deciding(List.of("a", "b"));
        harness.sync("""
                - to: effect:decide
                - split:
                    id: parts
                    parallelProcessing: %s
                    simple: "${body}"
                    steps:
                      - step: {id: part, steps: [{to: "effect:part"}]}
                """.formatted(parallel) + REPORT).start();

        String run = goOnWith(List.of("a"), 4);

        Run blocked = harness.end(run);
        assertThat(blocked.state()).isEqualTo(RunState.BLOCKED);
        assertThat(String.valueOf(blocked.error())).contains("parts[1]/part");
        assertThat(harness.world.effects()).doesNotContain("report");
    }

    @Test
    void noDoTryAndNoHandlerTakesIt() throws Exception {
        deciding("a");
        harness.file(
                        "test/sync.camel.yaml",
                        """
                - onException:
                    exception: [java.lang.Throwable]
                    handled: {constant: "true"}
                    steps:
                      - step: {id: tell, steps: [{to: "effect:tell"}]}
                """
                                + RouteHarness.orchestration(
                                        "sync",
                                        "",
                                        "- doTry:\n    steps:\n" + CHOICE.indent(6) + REPORT.indent(6) + """
                            doCatch:
                              - exception: [java.lang.Throwable]
                                steps:
                                  - step: {id: catch, steps: [{to: "effect:catch"}]}
                            doFinally:
                              steps:
                                - step: {id: tidy, steps: [{to: "effect:tidy"}]}
                        """))
                .start();

        String run = goOnWith("b", 3);

        assertThat(harness.end(run).state()).isEqualTo(RunState.BLOCKED);
        assertThat(harness.world.effects()).containsExactly("decide", "a", "decide");
    }
}
