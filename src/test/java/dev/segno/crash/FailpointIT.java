package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.run.Failpoint;
import dev.segno.run.Failpoints;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * R3 and R7: the process ends at each failpoint there is; a new one is tested as soon as it has its constant. That of
 * schedules, which the crash routes have none of, is passed in ScheduleIT.
 */
class FailpointIT {

    private static final int TIMES = Chaos.number("segno.chaos.failpoints", 1);
    private static final int MOST_PASSES = 60;
    private static final int KILLED = 137;
    private static final int DISK_FAILED = 74;

    @TempDir
    private Path directory;

    @ParameterizedTest(name = "{0}")
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SCHEDULE_BEFORE_START")
    void R3_nothingIsLostAndNothingIsDoneTwiceAt(Failpoint point) throws Exception {
        Random random = Chaos.random("R3 " + point);
        try (CrashSite site = new CrashSite(directory, new Random(random.nextLong()))) {
            site.workload().begin(CrashRoute.ALL, 1);
            for (int time = 0; time < TIMES; time++) {
                int pass = 1 + random.nextInt(MOST_PASSES);
                site.process().launch(List.of(), Map.of(Failpoints.SETTING, point + ":" + pass));
                assertThat(site.process().awaitExit())
                        .as("exit code at pass %s", pass)
                        .isEqualTo(point == Failpoint.STORE_FAIL_FSYNC ? DISK_FAILED : KILLED);
                site.workload().check();
            }
            site.endAndCompare("R3 " + point + ": " + TIMES + " times");
        }
    }
}
