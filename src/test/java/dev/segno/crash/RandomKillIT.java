package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R1: {@code kill -9} at random points, with runs of all routes under way. */
class RandomKillIT {

    private static final int KILLS = Chaos.number("segno.chaos.kills", 25);
    private static final int MOST_CALLS_BEFORE_A_KILL = 120;
    private static final int MOST_MICROS_AFTER_A_CALL = 20_000;
    private static final int MOST_MICROS_OF_A_START = 3_000_000;

    @TempDir
    private Path directory;

    @Test
    void R1_nothingIsLostAndNothingIsDoneTwice() throws Exception {
        Random random = Chaos.random("R1");
        try (CrashSite site = new CrashSite(directory, new Random(random.nextLong()))) {
            site.workload().begin(CrashRoute.ALL, 1);
            int inStart = 0;
            for (int kill = 0; kill < KILLS; kill++) {
                site.process().launch(List.of(), Map.of());
                if (kill > 0 && random.nextBoolean()) {
                    inStart++;
                    Chaos.letPass(random.nextInt(MOST_MICROS_OF_A_START));
                } else {
                    site.process().awaitReady();
                    site.effects()
                            .afterCalls(1 + random.nextInt(MOST_CALLS_BEFORE_A_KILL))
                            .get(60, TimeUnit.SECONDS);
                    Chaos.letPass(random.nextInt(MOST_MICROS_AFTER_A_CALL));
                }
                site.process().kill();
                site.workload().check();
            }
            Verdict verdict = site.endAndCompare("R1: " + KILLS + " kills, " + inStart + " of them during start-up");

            assertThat(verdict.runs()).isGreaterThanOrEqualTo(CrashRoute.ALL.size());
            assertThat(verdict.repeated())
                    .as("kills came in the middle of steps")
                    .isPositive();
        }
    }
}
