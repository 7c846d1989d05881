package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.segno.run.RetryRequest;
import dev.segno.run.Run;
import dev.segno.run.RunConflict;
import dev.segno.run.RunState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Camel's saga on the journal of a run. */
class SagaTest extends RouteTest {

    private static final String RESERVE = action("reserve", "release");
    private static final String CHARGE = action("charge", "refund");

    private static final String ORDER = """
            - to: { id: trip, uri: "direct:trip" }
            - step: { id: thank, steps: [ { to: "effect:thank" } ] }
            """;

    private static final String TRIP = RouteHarness.direct("trip", """
            - saga:
                id: trip
                steps:
                  - to: { id: reserving, uri: "direct:reserve" }
                  - to: { id: charging, uri: "direct:charge" }
                  - step: { id: ship, steps: [ { to: "effect:ship" } ] }
            """);

    /** What compensations were told, in their order. */
    private final List<String> undone = new ArrayList<>();

    @BeforeEach
    void rememberWhatIsUndone() {
        for (String effect : List.of("release", "refund")) {
            harness.world.on(effect, exchange -> {
                undone.add(effect + " " + exchange.getMessage().getHeader("order"));
                return null;
            });
        }
    }

    private static String action(String name, String compensation) {
        return RouteHarness.direct(name, """
                - saga:
                    id: %1$s-saga
                    propagation: MANDATORY
                    compensation: direct:%2$s
                    option:
                      - key: order
                        expression: { simple: { expression: "${body}-%1$s" } }
                    steps:
                      - step: { id: do-it, steps: [ { to: "effect:%1$s" } ] }
                """.formatted(name, compensation))
                + RouteHarness.direct(compensation, """
                - step: { id: undo, steps: [ { to: "effect:%s" } ] }
                """.formatted(compensation));
    }

    private void trip(String onFailure) {
        harness.file(
                        "test/sync.camel.yaml",
                        RouteHarness.orchestration("sync?onFailure=" + onFailure, "", ORDER)
                                        .replace("id: sync?onFailure=" + onFailure, "id: sync")
                                + TRIP
                                + RESERVE
                                + CHARGE)
                .start();
    }

    private void failing(String effect) {
        harness.world.on(effect, exchange -> {
            throw new IllegalStateException(effect + " is down");
        });
    }

    private List<String> journal(String run) {
        return harness.store().journal(run).stream()
                .map(record -> record.key().path())
                .toList();
    }

    @Test
    void aSagaThatComesThroughUndoesNothing() {
        trip("compensate");

        Run run = harness.completed(harness.begin("o1"));

        assertThat(harness.world.effects()).containsExactly("reserve", "charge", "ship", "thank");
        assertThat(journal(run.id()))
                .containsExactly(
                        "trip/reserving/reserve-saga",
                        "trip/reserving/do-it",
                        "trip/charging/charge-saga",
                        "trip/charging/do-it",
                        "trip/ship",
                        "thank");
    }

    @Test
    void aSagaThatFailsIsUndoneInReverseWithItsOptions() {
        failing("ship");
        trip("compensate");

        Run run = harness.end(harness.begin("o1"));

        assertThat(run.state()).isEqualTo(RunState.COMPENSATED);
        assertThat(String.valueOf(run.error())).contains("ship is down", "step=trip/ship");
        assertThat(undone).containsExactly("refund o1-charge", "release o1-reserve");
        assertThat(journal(run.id()))
                .containsSubsequence(
                        "trip/ship",
                        "compensation/trip/charging/charge-saga",
                        "compensation/trip/reserving/reserve-saga");
        assertThat(harness.world.effects()).doesNotContain("thank");
    }

    @Test
    void whatWasBegunIsUndoneAlsoWhenItFailedItself() {
        failing("charge");
        trip("compensate");

        assertThat(harness.end(harness.begin("o1")).state()).isEqualTo(RunState.COMPENSATED);

        assertThat(undone).containsExactly("refund o1-charge", "release o1-reserve");
    }

    @ParameterizedTest
    @CsvSource({"3, before", "3, after", "4, before", "4, after", "5, before", "5, after"})
    void aCrashAnywhereInItChangesNothing(int call, String when) throws Exception {
        failing("ship");
        trip("compensate");

        String run = harness.begin("sync", "o1", Map.of(World.DIE_AT, call + " " + when));
        harness.world.awaitDeath(run);
        if (call == 4) {
            assertThat(harness.stored(run).state()).isEqualTo(RunState.COMPENSATING);
        }
        harness.restart();

        Run ended = harness.end(run);
        assertThat(ended.state()).isEqualTo(RunState.COMPENSATED);
        assertThat(String.valueOf(ended.error())).contains("ship is down", "step=trip/ship");
        assertThat(undone.stream().distinct()).containsExactly("refund o1-charge", "release o1-reserve");
        assertThat(harness.store().journal(run)).hasSize(9).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({"compensate, COMPENSATED", "park, PARKED", "fail, FAILED", "other, PARKED"})
    void theInputMaySayWhatBecomesOfARunThatFails(String word, RunState state) {
        failing("ship");
        trip("${body}");

        assertThat(harness.end(harness.begin(word)).state()).isEqualTo(state);

        assertThat(undone).hasSize(state == RunState.COMPENSATED ? 2 : 0);
    }

    @Test
    void aRunThatIsToBeParkedKeepsItsSagaUntilItIsDecided() throws Exception {
        failing("ship");
        trip("park");

        Run parked = harness.end(harness.begin("o1"));

        assertThat(parked.state()).isEqualTo(RunState.PARKED);
        assertThat(undone).isEmpty();

        harness.restart();
        harness.engine().deadLetters().compensate(parked.id()).get(30, TimeUnit.SECONDS);

        assertThat(harness.end(parked.id()).state()).isEqualTo(RunState.COMPENSATED);
        assertThat(undone).containsExactly("refund o1-charge", "release o1-reserve");
        assertThat(harness.world.effects().stream().filter("ship"::equals)).hasSize(1);
    }

    @Test
    void aParkedRunWithASagaCanBeRetriedInstead() throws Exception {
        failing("ship");
        trip("park");
        Run parked = harness.end(harness.begin("o1"));
        harness.world.heal("ship");

        harness.engine().retry(parked.id()).get(30, TimeUnit.SECONDS);

        harness.completed(parked.id());
        assertThat(undone).isEmpty();
    }

    @Test
    void aCompensationThatFailsParksTheRunAndARetryGoesOnThere() throws Exception {
        failing("ship");
        failing("release");
        trip("compensate");

        Run parked = harness.end(harness.begin("o1"));

        assertThat(parked.state()).isEqualTo(RunState.PARKED);
        assertThat(String.valueOf(parked.error()))
                .contains("release is down", "compensation/trip/reserving/reserve-saga");

        harness.world.heal("release");
        harness.engine().retry(parked.id()).get(30, TimeUnit.SECONDS);

        assertThat(harness.end(parked.id()).state()).isEqualTo(RunState.COMPENSATED);
        assertThat(undone).containsExactly("refund o1-charge");
        assertThat(harness.world.effects().stream().filter("refund"::equals)).hasSize(1);
    }

    @Test
    void aRunThatIsBeingUndoneCannotBeCancelled() {
        failing("ship");
        List<Throwable> refused = new ArrayList<>();
        harness.world.on("refund", exchange -> {
            String run = Objects.requireNonNull(RunFrame.current(exchange))
                    .execution()
                    .id();
            refused.add(catchThrowable(() -> harness.engine().cancel(run)));
            return null;
        });
        trip("compensate");

        Run run = harness.end(harness.begin("o1"));

        assertThat(refused)
                .singleElement()
                .isInstanceOfSatisfying(
                        RunConflict.class, conflict -> assertThat(conflict).hasMessageContaining("being compensated"));
        assertThat(run.state()).isEqualTo(RunState.COMPENSATED);
    }

    @Test
    void aDryRunOfARunThatIsBeingUndoneChangesNothing() {
        failing("ship");
        failing("release");
        trip("compensate");
        Run parked = harness.end(harness.begin("o1"));

        assertThatThrownBy(() -> harness.engine().deadLetters().rehearse(RetryRequest.of(parked.id())))
                .isInstanceOf(RunConflict.class)
                .hasMessageContaining("stands at a compensation");
        assertThat(harness.stored(parked.id()).revision()).isEqualTo(parked.revision());
        assertThat(harness.stored(parked.id()).state()).isEqualTo(RunState.PARKED);
    }

    @Test
    void whatDoesNotFailAgainIsBlockedInsteadOfGoingOnWhileItIsUndone() throws Exception {
        failing("look");
        harness.file(
                        "test/sync.camel.yaml",
                        RouteHarness.orchestration("sync", "", "- to: { id: trip, uri: \"direct:trip\" }\n")
                                + RouteHarness.direct("trip", """
                                        - saga:
                                            id: trip
                                            steps:
                                              - to: { id: reserving, uri: "direct:reserve" }
                                              - to: effect:look
                                              - step: { id: ship, steps: [ { to: "effect:ship" } ] }
                                        """)
                                + RESERVE)
                .start();
        Run parked = harness.end(harness.begin("o1"));
        assertThat(parked.state()).isEqualTo(RunState.PARKED);
        harness.world.heal("look");

        harness.engine().deadLetters().compensate(parked.id()).get(30, TimeUnit.SECONDS);

        Run blocked = harness.end(parked.id());
        assertThat(blocked.state()).isEqualTo(RunState.BLOCKED);
        assertThat(String.valueOf(blocked.error())).contains("did not fail again", "trip/ship");
        assertThat(harness.world.effects()).doesNotContain("ship");
        assertThat(undone).isEmpty();
    }

    @Test
    void aSagaInADoTryIsUndoneAndTheRouteGoesOn() {
        failing("ship");
        harness.file("test/sync.camel.yaml", RouteHarness.orchestration("sync", "", """
                - doTry:
                    steps:
                      - to: { id: trip, uri: "direct:trip" }
                    doCatch:
                      - exception: [ java.lang.IllegalStateException ]
                        steps:
                          - step: { id: apologise, steps: [ { to: "effect:apologise" } ] }
                """) + TRIP + RESERVE + CHARGE)
                .start();

        Run run = harness.completed(harness.begin("o1"));

        assertThat(undone).containsExactly("refund o1-charge", "release o1-reserve");
        assertThat(harness.world.effects()).endsWith("apologise");
        assertThat(journal(run.id())).contains("compensation/trip/charging/charge-saga", "apologise");
    }

    @Test
    void aSagaInADoCatchStaysAsItIsWhenItsRunIsParked() throws Exception {
        failing("look");
        failing("ship");
        harness.file("test/sync.camel.yaml", RouteHarness.orchestration("sync", "", """
                - doTry:
                    steps:
                      - step: { id: look, steps: [ { to: "effect:look" } ] }
                    doCatch:
                      - exception: [ java.lang.IllegalStateException ]
                        steps:
                          - to: { id: trip, uri: "direct:trip" }
                """) + TRIP + RESERVE + CHARGE)
                .start();

        Run parked = harness.end(harness.begin("o1"));
        assertThat(parked.state()).isEqualTo(RunState.PARKED);
        assertThat(undone).isEmpty();

        harness.restart();
        harness.world.heal("ship");
        harness.engine().retry(parked.id()).get(30, TimeUnit.SECONDS);

        harness.completed(parked.id());
        assertThat(undone).isEmpty();
        assertThat(harness.world.effects()).containsExactly("look", "reserve", "charge", "ship", "ship");
    }

    @Test
    void aSagaInADoTryThatCatchesNothingStaysAsItIsWhenItsRunIsParked() {
        failing("ship");
        harness.file("test/sync.camel.yaml", RouteHarness.orchestration("sync", "", """
                - doTry:
                    steps:
                      - to: { id: trip, uri: "direct:trip" }
                    doFinally:
                      steps:
                        - log: over
                """) + TRIP + RESERVE + CHARGE)
                .start();

        assertThat(harness.end(harness.begin("o1")).state()).isEqualTo(RunState.PARKED);
        assertThat(undone).isEmpty();
    }

    /** A failure that cannot be made again from its message. */
    private static final class Refused extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        Refused(int status) {
            super("refused with " + status);
        }
    }

    @ParameterizedTest
    @CsvSource({"4, before, false", "5, after, false", "6, before, false", "4, after, true", "6, before, true"})
    void aSagaInADoTryIsUndoneAndTheRouteGoesOnOverACrash(int call, String when, boolean simple) throws Exception {
        harness.world.on("ship", exchange -> {
            throw simple ? new IllegalStateException("refused") : new Refused(422);
        });
        harness.file("test/sync.camel.yaml", RouteHarness.orchestration("sync", "", """
                - doTry:
                    steps:
                      - to: { id: trip, uri: "direct:trip" }
                    doCatch:
                      - exception: [ java.lang.IllegalArgumentException ]
                        steps:
                          - step: { id: other, steps: [ { to: "effect:other" } ] }
                      - exception: [ java.lang.IllegalStateException ]
                        steps:
                          - step: { id: apologise, steps: [ { to: "effect:apologise" } ] }
                """) + TRIP + RESERVE + CHARGE)
                .start();

        String run = harness.begin("sync", "o1", Map.of(World.DIE_AT, call + " " + when));
        harness.world.awaitDeath(run);
        harness.restart();

        harness.completed(run);
        assertThat(undone.stream().distinct()).containsExactly("refund o1-charge", "release o1-reserve");
        assertThat(harness.world.effects()).endsWith("apologise").doesNotContain("other");
    }

    @Test
    void aRoundOfALoopRegistersItsOwnCompensation() {
        AtomicInteger calls = new AtomicInteger();
        harness.world.on("charge", exchange -> {
            if (calls.incrementAndGet() == 3) {
                throw new IllegalStateException("no money");
            }
            return exchange.getMessage().getBody();
        });
        harness.file(
                        "test/sync.camel.yaml",
                        RouteHarness.orchestration("sync?onFailure=compensate", "", """
                                - saga:
                                    id: all
                                    steps:
                                      - loop:
                                          id: items
                                          constant: "4"
                                          steps:
                                            - setBody: { simple: "item ${exchangeProperty.CamelLoopIndex}" }
                                            - to: { id: charging, uri: "direct:charge" }
                                """)
                                        .replace("id: sync?onFailure=compensate", "id: sync")
                                + CHARGE)
                .start();

        assertThat(harness.end(harness.begin("o1")).state()).isEqualTo(RunState.COMPENSATED);

        assertThat(undone).containsExactly("refund item 2-charge", "refund item 1-charge", "refund item 0-charge");
    }

    @Test
    void aSagaThatIsNotAWholeRouteIsRefused() {
        harness.sync("""
                - step: { id: first, steps: [ { to: "effect:first" } ] }
                - saga:
                    id: trip
                    steps:
                      - step: { id: ship, steps: [ { to: "effect:ship" } ] }
                """).load();
        assertThat(harness.problems().toString()).contains("a saga beside other steps", "direct:");
    }

    @Test
    void aSagaInsideAnotherContainerIsRefused() {
        harness.sync("""
                - doTry:
                    steps:
                      - saga:
                          id: trip
                          steps:
                            - step: { id: ship, steps: [ { to: "effect:ship" } ] }
                    doFinally:
                      steps: [ { log: "done" } ]
                """).load();
        assertThat(harness.problems().toString()).contains("a saga inside 'doTry'", "direct:");
    }

    @Test
    void aRunWithoutACompensationCannotBeCompensated() {
        failing("ship");
        harness.sync("- step: { id: ship, steps: [ { to: \"effect:ship\" } ] }").start();
        Run parked = harness.end(harness.begin("o1"));

        assertThatThrownBy(() -> harness.engine().deadLetters().compensate(parked.id()))
                .isInstanceOf(RunConflict.class)
                .hasMessageContaining("no compensation");
    }

    @Test
    void aTimeOfItsOwnAndAnEndByHandAreRefused() {
        harness.sync("""
                - saga:
                    id: trip
                    timeout: "5s"
                    completionMode: MANUAL
                    steps:
                      - step: { id: ship, steps: [ { to: "effect:ship" } ] }
                """).load();

        assertThat(harness.problems().toString()).contains("'timeout' on 'saga'", "MANUAL");
    }
}
