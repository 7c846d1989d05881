package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.camel.yaml.Problem;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be replayed is refused when its file is loaded, and nothing of the file is loaded. */
class RefusedTest extends RouteTest {

    private static final String STEP = """
            - step:
                id: work
                steps:
                  - to: effect:work
            """;

    /** @param at what stands at the place that the message names */
    private static Arguments row(String name, String reason, String at, String steps) {
        return Arguments.of(name, reason, at, steps);
    }

    private static Arguments around(String eip, String options) {
        return row(
                eip + " around a step",
                "a step inside '" + eip + "'",
                "step:",
                "- " + eip + ":\n" + options.indent(4) + "    steps:\n" + STEP.indent(6));
    }

    private static Arguments between(String eip, String value) {
        return row(
                eip + " between steps",
                "'" + eip + "' outside a step of a run",
                eip + ":",
                "- " + eip + ": " + value + "\n" + STEP);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                around("circuitBreaker", "description: x"),
                around("idempotentConsumer", "idempotentRepository: \"#repository\"\nsimple: \"${body}\""),
                around("loadBalance", "roundRobinLoadBalancer: {}"),
                between("circuitBreaker", "{steps: [{log: x}]}"),
                between("throttle", "{constant: \"1\"}"),
                between("sample", "{messageFrequency: 2}"),
                between("delay", "{constant: \"1\"}"),
                between("wireTap", "{uri: \"effect:tap\"}"),
                between("enrich", "{constant: \"effect:more\"}"),
                between("pollEnrich", "{constant: \"seda:more\"}"),
                row("a step behind a wireTap", "a step inside 'wireTap'", "step:", """
                        - step:
                            id: outer
                            steps:
                              - wireTap: {uri: "direct:tapped"}
                        """),
                row("seda between steps", "'seda:' outside a step", "seda:later", "- to: seda:later\n" + STEP),
                row("aggregate between steps", "'aggregate' in a run", "aggregate:", """
                        - aggregate:
                            aggregationStrategy: collectBodies
                            completionSize: 2
                            correlationExpression: {constant: all}
                            steps:
                              - log: x
                        """),
                row("aggregate in a step", "'aggregate' in a run", "aggregate:", """
                        - step:
                            id: outer
                            steps:
                              - aggregate:
                                  aggregationStrategy: collectBodies
                                  completionSize: 2
                                  correlationExpression: {constant: all}
                                  steps:
                                    - log: x
                        """),
                row(
                        "a step without an id",
                        "a step without an id",
                        "step:",
                        "- step: {steps: [{to: \"effect:work\"}]}"),
                row("an id that stands twice", "stands twice in this route", "work", STEP + STEP),
                row(
                        "an id with a slash",
                        "cannot be an id",
                        "a/b",
                        "- step: {id: a/b, steps: [{to: \"effect:work\"}]}"),
                row("timeout on split", "'timeout' on 'split'", "100", """
                        - split:
                            parallelProcessing: true
                            timeout: "100"
                            simple: "${body}"
                            steps: [{log: x}]
                        """),
                row("timeout on multicast", "'timeout' on 'multicast'", "100", """
                        - multicast:
                            parallelProcessing: true
                            timeout: "100"
                            steps: [{log: x}]
                        """),
                row("timeout on recipientList", "'timeout' on 'recipientList'", "100", """
                        - recipientList:
                            parallelProcessing: true
                            timeout: "100"
                            constant: direct:tapped
                        """),
                row(
                        "a global: variable",
                        "global: and route: variables",
                        "global:x",
                        "- setVariable: {name: \"global:x\", constant: y}"),
                row(
                        "a route: variable",
                        "global: and route: variables",
                        "route:r:x",
                        "- setVariable: {name: \"route:r:x\", constant: y}"),
                row(
                        "a global: variable that is read",
                        "global: and route: variables",
                        "${variable.global:x}",
                        "- setBody: {simple: \"${variable.global:x}\"}"),
                row("await in a step", "'await' inside a step", "await:approval", """
                        - step:
                            id: outer
                            steps:
                              - to: {id: approval, uri: "await:approval"}
                        """),
                row("await in a parallel branch", "'await' in a parallel branch", "await:approval", """
                        - multicast:
                            parallelProcessing: true
                            steps:
                              - to: {id: approval, uri: "await:approval"}
                        """),
                row("runs:continue in a step", "'runs:continue' inside a step", "runs:continue", """
                        - step:
                            id: outer
                            steps:
                              - to: runs:continue
                        """),
                row("runs:continue in a parallel branch", "'runs:continue' in a parallel branch", "runs:continue", """
                        - multicast:
                            parallelProcessing: true
                            steps:
                              - to: runs:continue
                        """),
                row("runs:continue in a wireTap's like", "'runs:continue' in 'toD'", "runs:continue", """
                        - toD: runs:continue
                        """),
                row("await in a circuitBreaker", "'circuitBreaker' outside a step", "circuitBreaker:", """
                        - circuitBreaker:
                            steps:
                              - to: {id: approval, uri: "await:approval"}
                        """),
                row(
                        "a direct: route of another file",
                        "'direct:elsewhere' is not defined in this file",
                        "direct:elsewhere",
                        "- to: direct:elsewhere"),
                row(
                        "a computed direct: route",
                        "the name behind 'direct:' is computed",
                        "direct:${body}",
                        "- toD: \"direct:${body}\""),
                row("a saga service of its own", "a saga service of its own", "mine", """
                        - saga:
                            sagaService: mine
                            steps:
                              - log: x
                        """));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void isRefusedAtLoad(String name, String reason, String at, String steps) {
        harness.file("other/elsewhere.camel.yaml", RouteHarness.direct("elsewhere", "- log: x"))
                .sync(steps, RouteHarness.direct("tapped", "- step: {id: tapped, steps: [{log: x}]}"))
                .load();

        assertRefused("test/sync.camel.yaml", reason, at);
        assertThat(harness.runtime().versions().names()).isEmpty();
    }

    /** The message names the file and the place, what is wrong there, and what to do. */
    private void assertRefused(String file, String reason, String at) {
        List<String> lines = harness.text(file).lines().toList();
        assertThat(harness.problems()).filteredOn(Problem::isError).anySatisfy(problem -> {
            assertThat(problem.toString())
                    .startsWith("%s:%d:%d: error: ".formatted(file, problem.line(), problem.column()))
                    .contains(reason)
                    .contains(problem.advice());
            assertThat(problem.advice()).isNotBlank();
            assertThat(lines.get(problem.line() - 1)
                            .substring(problem.column() - 1)
                            .replace("\"", ""))
                    .startsWith(at);
        });
    }

    @Test
    void stepsInARouteConfigurationAreRefused() {
        harness.file("shared/policy.camel.yaml", """
                - routeConfiguration:
                    id: policy
                    onException:
                      - onException:
                          exception: [java.lang.Exception]
                          steps:
                            - step:
                                id: tell
                                steps:
                                  - log: x
                """).load();

        assertRefused("shared/policy.camel.yaml", "a route configuration holds no steps", "step:");
    }

    @Test
    void stepsOutsideOfRunsAreRefused() {
        harness.file("test/trigger.camel.yaml", """
                - route:
                    id: trigger
                    from:
                      uri: timer:x
                      steps:
                        - step:
                            id: tell
                            steps:
                              - log: x
                """).load();

        assertRefused("test/trigger.camel.yaml", "a step outside a run", "step:");
    }

    @Test
    void aCompletionThatNobodyWaitsForIsRefused() {
        harness.file("test/sync.camel.yaml", """
                        - onCompletion:
                            parallelProcessing: true
                            steps:
                              - step:
                                  id: tell
                                  steps:
                                    - log: x
                        """ + RouteHarness.orchestration("sync", "", STEP))
                .load();

        assertRefused("test/sync.camel.yaml", "'onCompletion' in a thread of its own", "onCompletion:");
    }

    @Test
    void whatIsRefusedAroundAStepMayStandInsideOne() throws Exception {
        harness.sync("""
                - step:
                    id: work
                    steps:
                      - delay: {constant: "1"}
                      - throttle: {constant: "100"}
                      - wireTap: {uri: "direct:tapped"}
                      - loadBalance:
                          failoverLoadBalancer: {}
                          steps:
                            - to: effect:work
                            - to: effect:other
                      - split:
                          parallelProcessing: true
                          timeout: "10000"
                          constant: a,b
                          steps:
                            - to: effect:part
                """, RouteHarness.direct("tapped", "- log: x"));

        CrashProof.Undisturbed whole = CrashProof.of(harness, "in");

        assertThat(whole.journal()).containsExactly("work");
        assertThat(whole.places()).containsExactlyInAnyOrder("work/to", "work/split[0]/to-3", "work/split[1]/to-3");
    }
}
