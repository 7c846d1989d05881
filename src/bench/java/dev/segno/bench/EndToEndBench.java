package dev.segno.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Goals P1 and P3, and our side of P2 and P13: jobs with a journal against the same ones without it, over HTTP, against
 * the real program and a stub in processes of their own.
 *
 * <pre>{@code
 * ./mvnw -q -Pbench package exec:exec -Dbench.main=dev.segno.bench.EndToEndBench
 * ./mvnw -q -Pbench package exec:exec -Dbench.main=dev.segno.bench.EndToEndBench -Dbench.args="--connections 1"
 * }</pre>
 */
@Command(name = "end-to-end-bench", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class EndToEndBench implements Callable<Integer> {

    /** Of the rounds asked for, so many times as many are made at most when the disk is unsteady. */
    private static final int PATIENCE = 3;

    @Option(names = "--jobs", split = ",", description = "Routes of src/bench/routes that have a twin.")
    private List<String> jobs = List.of("five-step", "chunk-sync");

    @Option(names = "--connections", split = ",", description = "Connections, one after another.")
    private List<Integer> connections = List.of(1, 32, 128);

    @Option(names = "--rounds", description = "Steady rounds.")
    private int rounds = 5;

    @Option(names = "--seconds", description = "Length of each half of a round.")
    private int seconds = 10;

    @Option(names = "--warmup", description = "Seconds of warm-up before the first round of each kind.")
    private int warmUp = 30;

    @Mixin
    private BenchOptions options = new BenchOptions();

    public static void main(String[] args) {
        System.exit(new CommandLine(new EndToEndBench()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        try (BenchDirectory below = BenchDirectory.in(options.directory, "end-to-end");
                BenchProcess stub = BenchProcess.stub();
                BenchProcess segno = options.runWithStub(stub.port(), below.path(), BenchProcess.freePort());
                LoadClient client = new LoadClient(segno.port())) {
            segno.awaitAnswer();
            for (String job : jobs) {
                for (int count : connections) {
                    run(segno, client, job, count, below.path());
                }
            }
        }
        return 0;
    }

    private void run(BenchProcess segno, LoadClient client, String job, int count, Path below) throws IOException {
        System.out.printf("%n%s, %d connection%s%n", job, count, count == 1 ? "" : "s");
        Duration half = Duration.ofMillis(500L * warmUp);
        client.run("/bench/" + job, count, half);
        client.run("/bench/" + job + "-plain", count, half);
        List<TwinRound> steady = new ArrayList<>();
        Path probe = below.resolve("sync");
        for (int i = 0; steady.size() < rounds && i < PATIENCE * rounds; i++) {
            TwinRound round =
                    TwinRound.measure(segno, client, job, count, Duration.ofSeconds(seconds), i % 2 == 0, probe);
            System.out.println(round);
            if (round.isSteady()) {
                steady.add(round);
            }
        }
        if (steady.isEmpty()) {
            System.out.println("No round was steady enough to count: the disk is too busy.");
            return;
        }
        summarize(steady);
        if (count == 1) {
            compareWithRecord(steady, below);
        }
    }

    private static void summarize(List<TwinRound> steady) {
        System.out.printf("median of %d steady rounds (range):%n", steady.size());
        System.out.println("  ratio      "
                + Spread.of(steady.stream().map(TwinRound::ratio).toList()).in("%.3f"));
        summarize("journaled", steady, TwinRound::journaled);
        summarize("plain", steady, TwinRound::plain);
    }

    private static void summarize(
            String name, List<TwinRound> rounds, java.util.function.Function<TwinRound, TwinRound.Half> half) {
        List<TwinRound.Half> halves = rounds.stream().map(half).toList();
        System.out.printf(
                "  %-9s  %s runs/s, p50 %s ms, p99 %s ms, CPU %s ms a run%n",
                name,
                spread(halves, one -> one.load().runsPerSecond()).in("%,.0f"),
                spread(halves, one -> one.load().p50Ms()).in("%.2f"),
                spread(halves, one -> one.load().p99Ms()).in("%.2f"),
                spread(halves, TwinRound.Half::cpuMillisPerRun).in("%.3f"));
    }

    private static Spread spread(List<TwinRound.Half> halves, ToDoubleFunction<TwinRound.Half> value) {
        return Spread.of(halves.stream().map(value::applyAsDouble).toList());
    }

    /** P3: what a lone run may cost is what it waits for, six records of five steps, and a little more. */
    private static void compareWithRecord(List<TwinRound> steady, Path below) throws IOException {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            double record = new JournalLoad(below, pool).awaitedRecordMicros();
            double plain = spread(
                            steady.stream().map(TwinRound::plain).toList(),
                            one -> one.load().p50Ms())
                    .median();
            System.out.printf(
                    Locale.ROOT,
                    "  one awaited record %.0f µs; plain p50 + 6 records x 1.3 = %.2f ms%n",
                    record,
                    plain + 6 * record * 1.3 / 1e3);
        } finally {
            pool.shutdown();
        }
    }
}
