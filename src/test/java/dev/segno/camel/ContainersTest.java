package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every container that may hold steps: keys, effects and output stay the same wherever the process dies. */
class ContainersTest extends RouteTest {

    private CrashProof.Undisturbed prove(Object input, String steps, String... more) throws Exception {
        return CrashProof.of(harness.sync(steps, more), input);
    }

    @Test
    void stepsInARow() throws Exception {
        CrashProof.Undisturbed whole = prove("in", """
                - step:
                    id: fetch
                    steps:
                      - to: effect:fetch
                      - setBody: {simple: "${body}-fetched"}
                - step:
                    id: store
                    steps:
                      - to: effect:store
                      - setBody: {simple: "${body}-stored"}
                - step:
                    id: report
                    steps:
                      - to: effect:report
                """);
        assertThat(whole.places()).containsExactly("fetch", "store", "report");
        assertThat(whole.journal()).containsExactly("fetch", "store", "report");
        assertThat(whole.output()).isEqualTo("in-fetched-stored");
    }

    @Test
    void splitSequential() throws Exception {
        CrashProof.Undisturbed whole = prove(List.of("a", "b", "c"), """
                - split:
                    id: items
                    aggregationStrategy: collectBodies
                    simple: "${body}"
                    steps:
                      - step:
                          id: handle
                          steps:
                            - to: effect:handle
                            - setBody: {simple: "${body}!"}
                - step:
                    id: report
                    steps:
                      - to: effect:report
                """);
        assertThat(whole.places()).containsExactly("items[0]/handle", "items[1]/handle", "items[2]/handle", "report");
        assertThat(whole.output()).isEqualTo(List.of("a!", "b!", "c!"));
    }

    @Test
    void splitParallel() throws Exception {
        CrashProof.Undisturbed whole = prove(List.of(0, 1, 2, 3), """
                - split:
                    id: items
                    parallelProcessing: true
                    aggregationStrategy: collectBodies
                    simple: "${body}"
                    steps:
                      - step:
                          id: first
                          steps:
                            - to: effect:first
                      - step:
                          id: second
                          steps:
                            - to: effect:second
                - step:
                    id: report
                    steps:
                      - to: effect:report
                """);
        assertThat(whole.places())
                .containsExactlyInAnyOrder(
                        "items[0]/first",
                        "items[0]/second",
                        "items[1]/first",
                        "items[1]/second",
                        "items[2]/first",
                        "items[2]/second",
                        "items[3]/first",
                        "items[3]/second",
                        "report");
        assertThat(whole.output()).isEqualTo(List.of(0, 1, 2, 3));
    }

    @Test
    void splitStreaming() throws Exception {
        CrashProof.Undisturbed whole = prove(List.of("a", "b", "c"), """
                - split:
                    id: items
                    streaming: true
                    aggregationStrategy: collectBodies
                    simple: "${body}"
                    steps:
                      - step:
                          id: handle
                          steps:
                            - to: effect:handle
                            - setBody: {simple: "${body}!"}
                """);
        assertThat(whole.places()).containsExactly("items[0]/handle", "items[1]/handle", "items[2]/handle");
        assertThat(whole.output()).isEqualTo(List.of("a!", "b!", "c!"));
    }

    @Test
    void splitParallelAndStreaming() throws Exception {
        CrashProof.Undisturbed whole = prove(List.of(0, 1, 2, 3), """
                - split:
                    id: items
                    parallelProcessing: true
                    streaming: true
                    aggregationStrategy: collectBodies
                    simple: "${body}"
                    steps:
                      - step:
                          id: handle
                          steps:
                            - to: effect:handle
                - step:
                    id: report
                    steps:
                      - to: effect:report
                """);
        assertThat(whole.places()).hasSize(5).endsWith("report");
        assertThat(whole.output()).isEqualTo(List.of(0, 1, 2, 3));
    }

    /** Each branch ends only after the one behind it, so that the results come in the opposite order. */
    @ParameterizedTest
    @ValueSource(strings = {"split", "multicast", "recipientList"})
    void aggregatesInTheOrderOfTheIndexesAlsoWhenResultsComeInAnother(String container) {
        Map<String, CountDownLatch> ended = Map.of(
                "x0", new CountDownLatch(1),
                "x1", new CountDownLatch(1),
                "x2", new CountDownLatch(1));
        for (int i = 0; i < 3; i++) {
            String next = "x" + (i + 1);
            String own = "x" + i;
            harness.world.on(own, exchange -> {
                CountDownLatch before = ended.get(next);
                if (before != null && !before.await(30, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("Branches do not run at the same time");
                }
                Objects.requireNonNull(ended.get(own)).countDown();
                return own;
            });
        }
        String options = """
                    parallelProcessing: true
                    streaming: true
                    aggregationStrategy: collectBodies
                """;
        harness.sync(
                container.equals("split")
                        ? "- split:\n" + options + """
                                simple: "${body}"
                                steps:
                                  - toD: effect:x${body}
                            """
                        : container.equals("recipientList")
                                ? "- recipientList:\n" + options + """
                                constant: effect:x0,effect:x1,effect:x2
                            """
                                : "- multicast:\n" + options + """
                                steps:
                                  - to: effect:x0
                                  - to: effect:x1
                                  - to: effect:x2
                            """);
        harness.start();

        assertThat(harness.output(harness.run(List.of(0, 1, 2)))).isEqualTo(List.of("x0", "x1", "x2"));
    }

    @Test
    void splitInASplit() throws Exception {
        CrashProof.Undisturbed whole = prove(List.of(List.of("a", "b"), List.of("c")), """
                - split:
                    id: orders
                    parallelProcessing: true
                    aggregationStrategy: collectBodies
                    simple: "${body}"
                    steps:
                      - split:
                          id: lines
                          aggregationStrategy: collectBodies
                          simple: "${body}"
                          steps:
                            - step:
                                id: book
                                steps:
                                  - to: effect:book
                      - step:
                          id: close
                          steps:
                            - to: effect:close
                """);
        assertThat(whole.places())
                .containsExactlyInAnyOrder(
                        "orders[0]/lines[0]/book",
                        "orders[0]/lines[1]/book",
                        "orders[0]/close",
                        "orders[1]/lines[0]/book",
                        "orders[1]/close");
        assertThat(whole.output()).isEqualTo(List.of(List.of("a", "b"), List.of("c")));
    }

    @Test
    void loopByCount() throws Exception {
        CrashProof.Undisturbed whole = prove("", """
                - loop:
                    id: rounds
                    constant: "3"
                    steps:
                      - step:
                          id: turn
                          steps:
                            - to: effect:turn
                            - setBody: {simple: "${body}${exchangeProperty.CamelLoopIndex}"}
                """);
        assertThat(whole.places()).containsExactly("rounds[0]/turn", "rounds[1]/turn", "rounds[2]/turn");
        assertThat(whole.output()).isEqualTo("012");
    }

    @Test
    void loopDoWhile() throws Exception {
        CrashProof.Undisturbed whole = prove(0, """
                - loop:
                    id: rounds
                    doWhile: true
                    simple: "${body} < 3"
                    steps:
                      - step:
                          id: turn
                          steps:
                            - to: effect:turn
                            - setBody: {jq: ". + 1"}
                - step:
                    id: report
                    steps:
                      - to: effect:report
                """);
        assertThat(whole.places()).containsExactly("rounds[0]/turn", "rounds[1]/turn", "rounds[2]/turn", "report");
        assertThat(whole.output()).isEqualTo(3);
    }

    @Test
    void loopInALoop() throws Exception {
        CrashProof.Undisturbed whole = prove("", """
                - loop:
                    constant: "2"
                    steps:
                      - step:
                          id: before
                          steps:
                            - to: effect:before
                      - loop:
                          constant: "2"
                          steps:
                            - step:
                                id: turn
                                steps:
                                  - to: effect:turn
                      - step:
                          id: after
                          steps:
                            - to: effect:after
                """);
        assertThat(whole.places())
                .containsExactly(
                        "loop[0]/before",
                        "loop[0]/loop-2[0]/turn",
                        "loop[0]/loop-2[1]/turn",
                        "loop[0]/after",
                        "loop[1]/before",
                        "loop[1]/loop-2[0]/turn",
                        "loop[1]/loop-2[1]/turn",
                        "loop[1]/after");
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void multicast(boolean parallel, boolean streaming) throws Exception {
        CrashProof.Undisturbed whole =
                prove("in", """
                - multicast:
                    id: both
                    parallelProcessing: %s
                    streaming: %s
                    aggregationStrategy: collectBodies
                    steps:
                      - step:
                          id: left
                          steps:
                            - to: effect:left
                            - setBody: {constant: l}
                      - to: direct:right
                - step:
                    id: report
                    steps:
                      - to: effect:report
                """.formatted(parallel, streaming), RouteHarness.direct("right", """
                        - step:
                            id: first
                            steps:
                              - to: effect:first
                        - step:
                            id: second
                            steps:
                              - to: effect:second
                              - setBody: {constant: r}
                        """));
        assertThat(whole.places())
                .containsExactlyInAnyOrder("both[0]/left", "both[1]/right/first", "both[1]/right/second", "report");
        assertThat(whole.output()).isEqualTo(List.of("l", "r"));
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void recipientList(boolean parallel, boolean streaming) throws Exception {
        String steps = """
                - step:
                    id: call
                    steps:
                      - to: effect:call
                      - setBody: {constant: %s}
                """;
        CrashProof.Undisturbed whole = prove(
                "in",
                """
                - recipientList:
                    id: all
                    parallelProcessing: %s
                    streaming: %s
                    aggregationStrategy: collectBodies
                    constant: direct:left,direct:right,direct:left
                - step:
                    id: report
                    steps:
                      - to: effect:report
                """.formatted(parallel, streaming),
                RouteHarness.direct("left", steps.formatted("l")),
                RouteHarness.direct("right", steps.formatted("r")));
        assertThat(whole.places()).containsExactlyInAnyOrder("all[0]/call", "all[1]/call", "all[2]/call", "report");
        assertThat(whole.output()).isEqualTo(List.of("l", "r", "l"));
    }

    @Test
    void choiceAndFilterDecideAgainFromRestoredData() throws Exception {
        CrashProof.Undisturbed whole = prove(5, """
                - step:
                    id: price
                    steps:
                      - to: effect:price
                      - setVariable: {name: price, jq: ". * 10"}
                - choice:
                    when:
                      - simple: "${variable.price} > 40"
                        steps:
                          - step:
                              id: approve
                              steps:
                                - to: effect:approve
                                - setHeader: {name: approved, constant: "yes"}
                    otherwise:
                      steps:
                        - step:
                            id: decline
                            steps:
                              - to: effect:decline
                - filter:
                    simple: "${header.approved} == 'yes'"
                    steps:
                      - step:
                          id: pay
                          steps:
                            - to: effect:pay
                - filter:
                    simple: "${header.approved} == 'no'"
                    steps:
                      - step:
                          id: never
                          steps:
                            - to: effect:never
                - step:
                    id: report
                    steps:
                      - to: effect:report
                """);
        assertThat(whole.places()).containsExactly("price", "approve", "pay", "report");
    }

    @Test
    void aRouteOfTheFileCalledTwice() throws Exception {
        CrashProof.Undisturbed whole = prove("in", """
                - to: direct:audit
                - step:
                    id: work
                    steps:
                      - to: effect:work
                - to: direct:audit
                """, RouteHarness.direct("audit", """
                        - step:
                            id: write
                            steps:
                              - to: effect:write
                              - setBody: {simple: "${body}+"}
                        """));
        assertThat(whole.places()).containsExactly("audit/write", "work", "audit-2/write");
        assertThat(whole.output()).isEqualTo("in++");
    }

    @Test
    void stepsInAStep() throws Exception {
        CrashProof.Undisturbed whole = prove("in", """
                - step:
                    id: order
                    steps:
                      - step:
                          id: reserve
                          steps:
                            - to: effect:reserve
                      - to: direct:pay
                      - to: effect:confirm
                - step:
                    id: report
                    steps:
                      - to: effect:report
                """, RouteHarness.direct("pay", """
                        - step:
                            id: charge
                            steps:
                              - to: effect:charge
                        """));
        assertThat(whole.journal()).containsExactly("order/reserve", "order/pay/charge", "order", "report");
        assertThat(whole.places()).containsExactly("order/reserve", "order/pay/charge", "order/to-2", "report");
    }

    @Test
    void callsInAStepHaveKeysOfTheirPlaces() throws Exception {
        CrashProof.Undisturbed whole = prove(List.of("a", "b"), """
                - step:
                    id: many
                    steps:
                      - split:
                          id: items
                          parallelProcessing: true
                          simple: "${body}"
                          steps:
                            - to: effect:item
                      - to: {id: done, uri: "effect:done"}
                      - to: {id: told, uri: "effect:told"}
                      - recipientList:
                          id: all
                          constant: effect:left,effect:right
                      - routingSlip:
                          id: slip
                          constant: effect:one,effect:two
                      - enrich:
                          id: more
                          constant: effect:more
                """);
        assertThat(whole.places())
                .containsExactlyInAnyOrder(
                        "many/items[0]/to",
                        "many/items[1]/to",
                        "many/done",
                        "many/told",
                        "many/all[0]",
                        "many/all[1]",
                        "many/slip[0]",
                        "many/slip[1]",
                        "many/more");
    }

    @Test
    void aKameletIsCalledWithTheKeyOfItsStep() throws Exception {
        harness.file("kamelets/notify.kamelet.yaml", """
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata:
                  name: notify
                spec:
                  definition:
                    title: Notify
                    required: [whom]
                    properties:
                      whom: {title: Whom, type: string}
                  template:
                    from:
                      uri: kamelet:source
                      steps:
                        - to: "effect:{{whom}}"
                        - setBody: {simple: "${body}+{{whom}}"}
                """);
        CrashProof.Undisturbed whole = prove("in", """
                - step:
                    id: tell
                    steps:
                      - to: kamelet:notify?whom=buyer
                - step:
                    id: tell-both
                    steps:
                      - to: kamelet:notify?whom=buyer
                      - kamelet: {name: notify, parameters: {whom: seller}}
                """);
        assertThat(whole.places()).containsExactly("tell", "tell-both/to-2", "tell-both/kamelet");
        assertThat(whole.output()).isEqualTo("in+buyer+buyer+seller");
    }

    @Test
    void anEmptySplitAndAnEmptyLoop() throws Exception {
        CrashProof.Undisturbed whole = prove(List.of(), """
                - split:
                    simple: "${body}"
                    steps:
                      - step:
                          id: item
                          steps:
                            - to: effect:item
                - loop:
                    constant: "0"
                    steps:
                      - step:
                          id: turn
                          steps:
                            - to: effect:turn
                - step:
                    id: report
                    steps:
                      - to: effect:report
                """);
        assertThat(whole.places()).containsExactly("report");
    }

    @Test
    void containersThatBeginWithContainersAndChoices() throws Exception {
        CrashProof.Undisturbed whole = prove(List.of(1, 2), """
                - split:
                    id: items
                    simple: "${body}"
                    steps:
                      - choice:
                          when:
                            - simple: "${body} == 1"
                              steps:
                                - multicast:
                                    id: both
                                    steps:
                                      - loop:
                                          id: rounds
                                          constant: "2"
                                          steps:
                                            - doTry:
                                                steps:
                                                  - step:
                                                      id: turn
                                                      steps:
                                                        - to: effect:turn
                                                doFinally:
                                                  steps:
                                                    - step:
                                                        id: tidy
                                                        steps:
                                                          - to: effect:tidy
                                      - step:
                                          id: other
                                          steps:
                                            - to: effect:other
                          otherwise:
                            steps:
                              - step:
                                  id: plain
                                  steps:
                                    - to: effect:plain
                """);
        assertThat(whole.places())
                .containsExactly(
                        "items[0]/both[0]/rounds[0]/turn",
                        "items[0]/both[0]/rounds[0]/tidy",
                        "items[0]/both[0]/rounds[1]/turn",
                        "items[0]/both[0]/rounds[1]/tidy",
                        "items[0]/both[1]/other",
                        "items[1]/plain");
    }
}
