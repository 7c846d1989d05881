package dev.segno.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.run.NewRun;
import dev.segno.run.RunState;
import dev.segno.run.Signal;
import dev.segno.run.StateChange;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulator finds bugs: each of these is planted, and found within a few programs. */
class PlantedFaultsTest {

    private static final int MOST_PROGRAMS = 1_000;

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("a record that was acknowledged is lost", new Faults() {
                    private int records;

                    @Override
                    CompletableFuture<?> write(SimulatedStore.Write write) {
                        return write.is("record") && ++records % 20 == 0 ? done(null) : write.apply();
                    }
                }),
                Arguments.of("a record is acknowledged before it is on disk", new Faults() {
                    @Override
                    boolean answersTooEarly(SimulatedStore.Write write) {
                        return write.is("record");
                    }
                }),
                Arguments.of("an end that was acknowledged is lost", new Faults() {
                    @Override
                    CompletableFuture<?> write(SimulatedStore.Write write) {
                        boolean ends = write.arguments()[0] instanceof StateChange change
                                && change.next() == RunState.COMPLETED;
                        return ends ? done(true) : write.apply();
                    }
                }),
                Arguments.of("a start that comes again is another run", new Faults() {
                    @Override
                    CompletableFuture<?> write(SimulatedStore.Write write) {
                        return write.arguments()[0] instanceof NewRun run
                                ? write.of(withoutKey(run)).apply()
                                : write.apply();
                    }
                }),
                Arguments.of("a signal that comes again is another signal", new Faults() {
                    private int signals;

                    @Override
                    CompletableFuture<?> write(SimulatedStore.Write write) {
                        return write.arguments()[0] instanceof Signal signal
                                ? write.of(again(signal, ++signals)).apply()
                                : write.apply();
                    }
                }),
                Arguments.of("a compensation is forgotten", new Faults() {
                    @Override
                    boolean forgetsToUndo(String path) {
                        return path.hashCode() % 4 == 0;
                    }
                }),
                Arguments.of("each try has an idempotency key of its own", new Faults() {
                    @Override
                    String idempotencyKey(String run, String path, int calls) {
                        return run + '/' + path + (calls == 0 ? "" : "#" + calls);
                    }
                }));
    }

    private static CompletableFuture<?> done(@Nullable Object answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private static NewRun withoutKey(NewRun run) {
        return new NewRun(
                run.id(),
                run.orchestration(),
                run.version(),
                run.state(),
                run.input(),
                run.headers(),
                null,
                null,
                run.singletonKey(),
                run.createdAt(),
                run.parent(),
                run.slot());
    }

    private static Signal again(Signal signal, int number) {
        return new Signal(signal.runId(), signal.id() + number, signal.name(), signal.body(), signal.at());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void isFound(String name, Faults fault) {
        try (Simulation simulation = new Simulation()) {
            int seed = 0;
            while (seed < MOST_PROGRAMS
                    && simulation.run(seed, fault).violations().isEmpty()) {
                seed++;
            }
            assertThat(seed).as("programs until this was found: %s", name).isLessThan(MOST_PROGRAMS);
        }
    }
}
