package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code #executionReport} over every crash; and what a step that is repeated knows of that. */
class ExecutionReportTest extends RouteTest {

    private static final String PLANTS = """
            - split:
                id: plants
                constant: a,b,c
                parallelProcessing: %s
                aggregationStrategy: "#executionReport"
                steps:
                  - step:
                      id: water
                      steps:
                        - toD: effect:${body}
            - step:
                id: report
                steps:
                  - to: effect:report
            """;

    private static final Map<String, Object> FAILED = Map.of("status", "failed", "error", "dry");

    private static Map<String, Object> success(Object data) {
        return Map.of("status", "success", "data", data);
    }

    private void isDry(String plant) {
        harness.world.on(plant, exchange -> {
            throw new IllegalStateException("dry");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void aBranchThatFailsIsReportedAndTheRouteGoesOn(String parallel) throws Exception {
        isDry("a");
        isDry("c");

        CrashProof.Undisturbed whole = CrashProof.of(harness.sync(PLANTS.formatted(parallel)), "in");

        assertThat(whole.output()).isEqualTo(List.of(FAILED, success("b"), FAILED));
        assertThat(whole.places()).containsExactly("plants[1]/water", "report");
        assertThat(whole.journal())
                .containsExactlyInAnyOrder(
                        "plants[0]/water failed", "plants[1]/water", "plants[2]/water failed", "report");
    }

    @Test
    void branchesOfAMulticastAreReportedInTheirOrder() throws Exception {
        isDry("two");

        CrashProof.Undisturbed whole = CrashProof.of(
                harness.sync("""
                        - multicast:
                            id: parts
                            aggregationStrategy: "#executionReport"
                            steps:
                              - to: { id: one, uri: "direct:one" }
                              - to: { id: two, uri: "direct:two" }
                        - setVariable: { name: two, jq: ".[1].error" }
                        - step:
                            id: report
                            steps:
                              - to: effect:report
                        """, RouteHarness.direct("one", """
                        - step:
                            id: work
                            steps:
                              - to: effect:one
                        """), RouteHarness.direct("two", """
                        - step:
                            id: work
                            steps:
                              - to: effect:two
                        """)), "in");

        assertThat(whole.output()).isEqualTo(List.of(success("in"), FAILED));
    }

    @Test
    void aStepKnowsThatItMayHaveWorkedBefore() throws Exception {
        harness.sync("""
                        - step:
                            id: work
                            steps:
                              - to: effect:work
                              - setBody: {simple: "${exchangeProperty.SegnoRepeated}, try ${exchangeProperty.SegnoAttempt}"}
                        """).start();
        assertThat(harness.output(harness.completed(harness.begin("in")))).isEqualTo("false, try 1");

        String run = harness.begin("sync", "in", Map.of(World.DIE_AT, "1 after"));
        harness.world.awaitDeath(run);
        harness.die();
        harness.start();
        harness.runtime().recover();

        assertThat(harness.output(harness.completed(run))).isEqualTo("true, try 1");
    }
}
