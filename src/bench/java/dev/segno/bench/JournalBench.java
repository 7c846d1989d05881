package dev.segno.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Goal P4: the journal alone against a raw append log, on the job of {@link JournalLoad}. Rounds alternate: log, store,
 * log, store, …, log; a store's ratio is taken against the mean of the two logs beside it.
 *
 * <pre>{@code ./mvnw -q -Pbench test-compile exec:exec -Dbench.main=dev.segno.bench.JournalBench}</pre>
 */
@Command(name = "journal-bench", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class JournalBench implements Callable<Integer> {

    @Option(names = "--directory", description = "Where the data goes: the disk that is measured.")
    private Path directory = Path.of("target/bench");

    @Option(names = "--rounds", description = "Steady rounds.")
    private int rounds = 5;

    @Option(names = "--seconds", description = "Length of a round.")
    private int seconds = 5;

    @Option(names = "--warmup", description = "Seconds of warm-up.")
    private int warmUp = 30;

    @Option(names = "--threads", description = "Threads on which runs are continued.")
    private int threads = 2;

    public static void main(String[] args) {
        System.exit(new CommandLine(new JournalBench()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (BenchDirectory below = BenchDirectory.in(directory, "journal")) {
            return run(new JournalLoad(below.path(), pool));
        } finally {
            pool.shutdown();
        }
    }

    private int run(JournalLoad load) throws IOException {
        load.log(Math.max(1, warmUp / 2));
        load.store(Math.max(1, warmUp - warmUp / 2));
        List<JournalLoad.Round> logs = new ArrayList<>(List.of(load.log(seconds)));
        List<JournalLoad.Round> stores = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        System.out.println("log    " + logs.get(0));
        for (int i = 0; i < rounds; i++) {
            JournalLoad.Round store = load.store(seconds);
            JournalLoad.Round after = load.log(seconds);
            double limit = (logs.get(i).runsPerSecond() + after.runsPerSecond()) / 2;
            double ratio = store.runsPerSecond() / limit;
            logs.add(after);
            System.out.printf(Locale.ROOT, "store  %s   ratio %.3f%n", store, ratio);
            System.out.println("log    " + after);
            if (store.isSteady() && after.isSteady() && logs.get(i).isSteady()) {
                stores.add(store);
                ratios.add(ratio);
            }
        }
        if (ratios.isEmpty()) {
            System.out.println("No round was steady enough to count: the disk is too busy.");
            return 1;
        }
        System.out.printf(
                Locale.ROOT,
                "%nmedian of %d steady rounds: store %s runs/s, p50 %.2f ms, p99 %.2f ms; log %s runs/s; ratio %s%n",
                ratios.size(),
                Spread.of(stores.stream().map(JournalLoad.Round::runsPerSecond).toList())
                        .in("%,.0f"),
                Spread.of(stores.stream().map(JournalLoad.Round::p50Ms).toList())
                        .median(),
                Spread.of(stores.stream().map(JournalLoad.Round::p99Ms).toList())
                        .median(),
                Spread.of(logs.stream().map(JournalLoad.Round::runsPerSecond).toList())
                        .in("%,.0f"),
                Spread.of(ratios).in("%.3f"));
        return 0;
    }
}
