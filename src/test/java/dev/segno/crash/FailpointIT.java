package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.run.Failpoint;
import dev.segno.run.Failpoints;
import dev.segno.spec.JsonClient;
import dev.segno.spec.SegnoProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * R3 and R7: the process ends at each failpoint there is; a new one is tested as soon as it has its constant. That of
 * schedules, which the crash routes have none of, is passed in ScheduleIT.
 */
class FailpointIT {

    private static final int TIMES = Chaos.number("segno.chaos.failpoints", 1);
    private static final int MOST_PASSES = 60;
    private static final int MOST_PASSES_OF_A_RARE_ONE = 3;
    private static final int KILLED = 137;
    private static final int DISK_FAILED = 74;

    /** Those that few of the routes pass. */
    private static final Set<Failpoint> RARE = EnumSet.of(
            Failpoint.WAIT_AFTER_BEGIN,
            Failpoint.TIMER_BEFORE_END,
            Failpoint.TIMER_AFTER_END,
            Failpoint.SIGNAL_BEFORE_RECORD,
            Failpoint.SIGNAL_AFTER_RECORD,
            Failpoint.SAGA_BEFORE_COMPENSATION,
            Failpoint.SAGA_AFTER_BEGIN,
            Failpoint.COMPENSATION_AFTER_EFFECT);

    /** Those that pass them. */
    private static final List<CrashRoute> THOSE_THAT_WAIT_OR_UNDO = Stream.concat(
                    CrashRoute.ALL.stream(), Stream.of(CrashRoute.UNDONE))
            .filter(route -> !route.waits().equals(CrashRoute.Waits.NONE) || route.undoes())
            .toList();

    @TempDir
    private Path directory;

    /** One after the other over the same data; by itself each, where each comes often. */
    static List<Set<Failpoint>> failpoints() {
        Set<Failpoint> others = EnumSet.complementOf(EnumSet.copyOf(RARE));
        others.removeIf(
                point -> point.name().startsWith("SCHEDULE_") || point.name().startsWith("RELOAD_"));
        return TIMES == 1
                ? List.of(RARE, others)
                : Stream.concat(RARE.stream(), others.stream()).map(Set::of).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failpoints")
    void R3_nothingIsLostAndNothingIsDoneTwiceAt(Set<Failpoint> points) throws Exception {
        Random random = Chaos.random("R3 " + points);
        boolean rare = RARE.containsAll(points);
        try (CrashSite site = new CrashSite(directory, new Random(random.nextLong()))) {
            site.workload().begin(rare ? THOSE_THAT_WAIT_OR_UNDO : CrashRoute.ALL, 1);
            for (Failpoint point : points) {
                for (int time = 0; time < TIMES; time++) {
                    int pass = 1 + random.nextInt(rare ? MOST_PASSES_OF_A_RARE_ONE : MOST_PASSES);
                    site.process().launch(List.of(), Map.of(Failpoints.SETTING, point + ":" + pass));
                    assertThat(site.process().awaitExit())
                            .as("exit code at pass %s of %s", pass, point)
                            .isEqualTo(point == Failpoint.STORE_FAIL_FSYNC ? DISK_FAILED : KILLED);
                    site.workload().check();
                }
            }
            site.endAndCompare("R3 " + points + ": " + TIMES + " times");
        }
    }

    /** A run is held in its first step while its file is saved, and the process dies as it takes the new version. */
    @ParameterizedTest(name = "{0}")
    @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "RELOAD_.*")
    void R3_aRunKeepsItsVersionWhenTheProcessDiesAt(Failpoint point) throws Exception {
        EditedRoutes routes = new EditedRoutes(directory.resolve("routes"));
        routes.save(EditedRoutes.text(0, "held"));
        try (EffectServer effects = new EffectServer(new Random(1), 10);
                SegnoProcess process = new SegnoProcess(
                        List.of(routes.directory().toString()),
                        SegnoProcess.Readiness.SHARED,
                        directory,
                        Map.of("EFFECTS_URL", effects.url(), "SEGNO_RETRY_DELAY", "20"))) {
            JsonClient client = process.client();
            for (int time = 1; time <= TIMES; time++) {
                process.launch(List.of(), Map.of(Failpoints.SETTING, point + ":1"));
                process.awaitReady();
                String before = EditedRoutes.awaitOther(client, "");
                String run = start(client, "key-" + time);
                routes.save(EditedRoutes.text(time, "held"));
                assertThat(process.awaitExit()).isEqualTo(KILLED);
                process.start();
                assertThat(EditedRoutes.awaitOther(client, before)).isNotEqualTo(before);
                effects.letGo();
                assertThat(start(client, "key-" + time)).isEqualTo(run);
                JsonNode ended = EditedRoutes.awaitCompleted(client, run);
                assertThat(ended.path("version").asText()).isEqualTo(before);
                assertThat(ended.path("output").asText()).isEqualTo(String.valueOf(time - 1));
                process.stop();
            }
            assertThat(effects.effects())
                    .as("each mark is one effect")
                    .filteredOn(effect -> effect.path().contains("/mark-"))
                    .hasSize(TIMES);
        }
    }

    private static String start(JsonClient client, String key) throws IOException, InterruptedException {
        JsonClient.Reply reply =
                client.post("/api/orchestrations/edited/runs", CrashRoute.INPUT, "Idempotency-Key", key);
        assertThat(reply.status()).as("%s", reply).isEqualTo(202);
        return reply.body().path("id").asText();
    }
}
