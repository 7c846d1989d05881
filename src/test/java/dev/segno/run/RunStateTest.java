package dev.segno.run;

import static dev.segno.run.RunState.BLOCKED;
import static dev.segno.run.RunState.CANCELLED;
import static dev.segno.run.RunState.COMPENSATED;
import static dev.segno.run.RunState.COMPENSATING;
import static dev.segno.run.RunState.COMPLETED;
import static dev.segno.run.RunState.FAILED;
import static dev.segno.run.RunState.PARKED;
import static dev.segno.run.RunState.QUEUED;
import static dev.segno.run.RunState.RUNNING;
import static dev.segno.run.RunState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RunStateTest {

    private static final Map<RunState, Set<RunState>> ALLOWED = new EnumMap<>(Map.of(
            QUEUED, Set.of(RUNNING, CANCELLED, FAILED),
            RUNNING, Set.of(WAITING, PARKED, BLOCKED, COMPENSATING, COMPLETED, FAILED, CANCELLED),
            WAITING, Set.of(RUNNING, QUEUED, COMPENSATING, FAILED, CANCELLED),
            PARKED, Set.of(RUNNING, COMPENSATING, FAILED, CANCELLED),
            BLOCKED, Set.of(RUNNING, COMPENSATING, FAILED, CANCELLED),
            COMPENSATING, Set.of(COMPENSATED, PARKED, BLOCKED, FAILED),
            COMPLETED, Set.of(),
            FAILED, Set.of(),
            CANCELLED, Set.of(),
            COMPENSATED, Set.of()));

    static Stream<Arguments> changes() {
        return Arrays.stream(RunState.values())
                .flatMap(from -> Arrays.stream(RunState.values()).map(to -> Arguments.of(from, to)));
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("changes")
    void changesAsTheTableSays(RunState from, RunState to) {
        assertThat(from.canBecome(to))
                .isEqualTo(ALLOWED.getOrDefault(from, Set.of()).contains(to));
    }

    @ParameterizedTest
    @EnumSource(RunState.class)
    void isFinalWhenNothingFollows(RunState state) {
        assertThat(state.isFinal())
                .isEqualTo(ALLOWED.getOrDefault(state, Set.of()).isEmpty());
    }

    @ParameterizedTest
    @EnumSource(RunState.class)
    void holdsItsSingletonWhileItIsUnderWay(RunState state) {
        assertThat(state.holdsSingleton())
                .isEqualTo(Set.of(QUEUED, RUNNING, WAITING, COMPENSATING).contains(state));
    }

    @ParameterizedTest
    @EnumSource(RunState.class)
    void goesOnByItselfWhenNobodyHasToAsk(RunState state) {
        assertThat(state.isResumable()).isEqualTo(Set.of(RUNNING, COMPENSATING).contains(state));
    }
}
