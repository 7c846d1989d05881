package dev.segno.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Goal P5: five steps in memory through HTTP, Camel and the engine, against the same number of records given to the
 * journal alone. Rounds alternate: journal, Segno, journal, Segno, …; 64 runs at a time in both.
 *
 * <pre>{@code ./mvnw -q -Pbench package exec:exec -Dbench.main=dev.segno.bench.MemoryStepsBench}</pre>
 */
@Command(name = "memory-steps-bench", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class MemoryStepsBench implements Callable<Integer> {

    private static final int PATIENCE = 3;
    private static final String JOB = "/bench/memory-steps";

    @Option(names = "--rounds", description = "Steady rounds.")
    private int rounds = 5;

    @Option(names = "--seconds", description = "Length of each half of a round.")
    private int seconds = 10;

    @Option(names = "--warmup", description = "Seconds of warm-up.")
    private int warmUp = 30;

    @Mixin
    private BenchOptions options = new BenchOptions();

    public static void main(String[] args) {
        System.exit(new CommandLine(new MemoryStepsBench()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try (BenchDirectory below = BenchDirectory.in(options.directory, "memory-steps");
                BenchProcess stub = BenchProcess.stub();
                BenchProcess segno = options.runWithStub(stub.port(), below.path(), BenchProcess.freePort());
                LoadClient client = new LoadClient(segno.port())) {
            segno.awaitAnswer();
            return run(segno, client, new JournalLoad(below.path(), pool));
        } finally {
            pool.shutdown();
        }
    }

    private int run(BenchProcess segno, LoadClient client, JournalLoad journal) throws IOException {
        journal.store(Math.max(1, warmUp / 2));
        client.run(JOB, JournalLoad.CONCURRENT_RUNS, Duration.ofMillis(500L * warmUp));
        Duration duration = Duration.ofSeconds(seconds);
        List<TwinRound.Half> halves = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; ratios.size() < rounds && i < PATIENCE * rounds; i++) {
            JournalLoad.Round alone = journal.store(seconds);
            TwinRound.Half steps = TwinRound.Half.measure(segno, client, JOB, JournalLoad.CONCURRENT_RUNS, duration);
            double after = SyncCost.medianMicros(journal.directory().resolve("sync"));
            boolean steady = SyncCost.isSteady(alone.syncBefore(), alone.syncAfter(), after);
            double ratio = steps.load().runsPerSecond() / alone.runsPerSecond();
            System.out.printf(
                    Locale.ROOT,
                    "journal alone %s%nmemory-steps  %s | ratio %.3f | sync %.0f µs%s%n",
                    alone,
                    steps,
                    ratio,
                    after,
                    steady ? "" : "  (thrown away: unsteady disk)");
            if (steady) {
                halves.add(steps);
                ratios.add(ratio);
            }
        }
        if (ratios.isEmpty()) {
            System.out.println("No round was steady enough to count: the disk is too busy.");
            return 1;
        }
        System.out.printf(
                "%nmedian of %d steady rounds (range): %s runs/s, p99 %s ms, CPU %s ms a run; ratio %s%n",
                ratios.size(),
                Spread.of(halves.stream()
                                .map(half -> half.load().runsPerSecond())
                                .toList())
                        .in("%,.0f"),
                Spread.of(halves.stream().map(half -> half.load().p99Ms()).toList())
                        .in("%.2f"),
                Spread.of(halves.stream().map(TwinRound.Half::cpuMillisPerRun).toList())
                        .in("%.3f"),
                Spread.of(ratios).in("%.3f"));
        return 0;
    }
}
