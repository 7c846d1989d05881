package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.spec.SegnoProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The program with all crash routes, the effect server that they call, and the clients that start them. */
final class CrashSite implements AutoCloseable {

    private static final Duration TIME_TO_END = Duration.ofSeconds(30);

    private final EffectServer effects;
    private final SegnoProcess process;
    private final Workload workload;

    /** @param directory where data and output go */
    CrashSite(Path directory, Random random) {
        effects = new EffectServer(random, 20);
        process = new SegnoProcess(
                List.of(CrashRoute.DIRECTORY),
                SegnoProcess.Readiness.SHARED,
                directory,
                Map.of("EFFECTS_URL", effects.url(), "SEGNO_RETRY_DELAY", "20"));
        workload = new Workload(process.client());
    }

    EffectServer effects() {
        return effects;
    }

    SegnoProcess process() {
        return process;
    }

    Workload workload() {
        return workload;
    }

    /** Starts the program for the last time, lets all runs end, and compares. */
    Verdict endAndCompare(String test) throws Exception {
        long startedAt = System.nanoTime();
        process.start();
        workload.finish(TIME_TO_END.minusNanos(System.nanoTime() - startedAt));
        workload.awaitNoneOpen(TIME_TO_END.minusNanos(System.nanoTime() - startedAt));
        Duration ended = Duration.ofNanos(System.nanoTime() - startedAt);
        Verdict verdict = Verdict.of(process.client(), workload, effects.effects());
        System.out.println(test + ": " + verdict + ", all ended " + ended.toMillis() + " ms after the last start");
        assertThat(verdict)
                .as("what was lost, and what was done twice")
                .returns(List.of(), Verdict::lost)
                .returns(List.of(), Verdict::doubles);
        return verdict;
    }

    @Override
    public void close() {
        workload.close();
        process.close();
        effects.close();
    }
}
