package dev.segno.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.crash.Chaos;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** R14: random programs, each with its crashes, compared with a model. */
class SimulatorTest {

    private static final String SEED = "segno.sim.seed";

    @Test
    void aSeedIsTheSameEachTime() {
        try (Simulation one = new Simulation();
                Simulation other = new Simulation()) {
            other.run(-1, Faults.NONE);
            for (long seed = 0; seed < 50; seed++) {
                assertThat(other.run(seed, Faults.NONE).hash())
                        .as("seed %d", seed)
                        .isEqualTo(one.run(seed, Faults.NONE).hash());
            }
        }
    }

    @Test
    void whateverHappensARunComesToWhatItsProgramSays() {
        try (Simulation simulation = new Simulation()) {
            Long one = Long.getLong(SEED);
            if (one != null) {
                Trace trace = simulation.run(one, Faults.NONE);
                System.out.println(trace);
                assertThat(trace.violations()).isEmpty();
                return;
            }
            int programs = Chaos.number("segno.sim.programs", 5_000);
            // A build looks at the same programs each time; the full profile looks for others.
            Random seeds =
                    Chaos.isFull() || Long.getLong("segno.seed") != null ? Chaos.random("simulator") : new Random(1);
            int events = 0;
            for (int i = 0; i < programs; i++) {
                long seed = seeds.nextLong();
                Trace trace = simulation.run(seed, Faults.NONE);
                events += trace.length();
                assertThat(trace.violations())
                        .as("seed %d; again with ./mvnw test -Dtest=SimulatorTest -D%s=%d%n%s", seed, SEED, seed, trace)
                        .isEmpty();
            }
            System.out.println("simulator: " + programs + " programs, " + events + " events");
        }
    }
}
