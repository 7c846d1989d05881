package dev.segno.bench;

import com.github.f4b6a3.ulid.UlidCreator;
import dev.segno.run.NewRun;
import dev.segno.run.Payload;
import dev.segno.run.RunState;
import dev.segno.run.RunStore;
import dev.segno.run.StateChange;
import dev.segno.run.StepKey;
import dev.segno.run.StepRecord;
import dev.segno.store.SqliteRunStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Goal P4: the journal alone against a raw append log. 64 concurrent runs, seven awaited writes each (the run's row,
 * five steps, the end), records of about 300 bytes, each continued on a pool of its own as the engine does.
 *
 * <p>Arguments: directory (a temporary one below the current directory by default), rounds (5), seconds a round (5),
 * seconds of warm-up (30). Rounds alternate: log, store, log, store, …, log; a store's ratio is taken against the mean
 * of the two logs beside it.
 */
public final class JournalBench {

    private static final int CONCURRENT_RUNS = 64;
    private static final int CONTINUATION_THREADS = Integer.getInteger("bench.threads", 2);

    private static final byte[] RECORD = ("{\"text\":\"" + "x".repeat(288) + "\"}").getBytes(StandardCharsets.UTF_8);
    private static final Payload BODY = new Payload.Inline(
            Payload.Kind.JSON, ("{\"text\":\"" + "x".repeat(188) + "\"}").getBytes(StandardCharsets.UTF_8));

    private JournalBench() {}

    public static void main(String[] args) throws Exception {
        Path parent = Path.of(args.length > 0 ? args[0] : ".").toAbsolutePath();
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
        int warmUp = args.length > 3 ? Integer.parseInt(args[3]) : 30;
        Path directory = Files.createTempDirectory(parent, "journal-bench");
        ExecutorService pool = Executors.newFixedThreadPool(CONTINUATION_THREADS);
        try {
            new Bench(directory, pool).run(rounds, seconds, warmUp);
        } finally {
            pool.shutdown();
            delete(directory);
        }
    }

    /** What a round came to. */
    private record Round(double runsPerSecond, double p50Ms, double p99Ms, double syncBefore, double syncAfter) {
        boolean isSteady() {
            return Math.max(syncBefore, syncAfter) <= 1.5 * Math.min(syncBefore, syncAfter);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%,9.0f runs/s   p50 %.2f ms   p99 %.2f ms   sync %.0f-%.0f µs%s",
                    runsPerSecond,
                    p50Ms,
                    p99Ms,
                    syncBefore,
                    syncAfter,
                    isSteady() ? "" : "   (unsteady disk)");
        }
    }

    private record Bench(Path directory, ExecutorService pool) {

        void run(int rounds, int seconds, int warmUp) throws IOException {
            log(Math.max(1, warmUp / 2));
            store(Math.max(1, warmUp - warmUp / 2));
            List<Round> logs = new ArrayList<>(List.of(log(seconds)));
            List<Round> stores = new ArrayList<>();
            List<Double> ratios = new ArrayList<>();
            System.out.println("log    " + logs.get(0));
            for (int i = 0; i < rounds; i++) {
                Round store = store(seconds);
                Round after = log(seconds);
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
                return;
            }
            System.out.printf(
                    Locale.ROOT,
                    "%nmedian of %d steady rounds: store %,.0f runs/s (%.0f-%.0f), p50 %.2f ms, p99 %.2f ms;"
                            + " log %,.0f runs/s; ratio %.3f (%.3f-%.3f)%n",
                    ratios.size(),
                    median(stores.stream().map(Round::runsPerSecond).toList()),
                    stores.stream().mapToDouble(Round::runsPerSecond).min().orElseThrow(),
                    stores.stream().mapToDouble(Round::runsPerSecond).max().orElseThrow(),
                    median(stores.stream().map(Round::p50Ms).toList()),
                    median(stores.stream().map(Round::p99Ms).toList()),
                    median(logs.stream().map(Round::runsPerSecond).toList()),
                    median(ratios),
                    ratios.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
                    ratios.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
        }

        private static double median(List<Double> values) {
            List<Double> sorted = values.stream().sorted().toList();
            return sorted.get(sorted.size() / 2);
        }

        private Round log(int seconds) throws IOException {
            Path file = Files.createTempFile(directory, "raw", ".log");
            Files.delete(file);
            try (RawLog log = new RawLog(file)) {
                return measure(seconds, (run, write) -> log.append(RECORD));
            } finally {
                Files.delete(file);
            }
        }

        private Round store(int seconds) throws IOException {
            Path data = Files.createTempDirectory(directory, "store");
            try (RunStore store = SqliteRunStore.open(data)) {
                return measure(seconds, (run, write) -> switch (write) {
                    case 0 ->
                        store.start(new NewRun(
                                run, "five-step", "v1", RunState.RUNNING, BODY, null, null, null, null, Instant.now()));
                    case Driver.LAST ->
                        store.change(new StateChange(
                                run, 0, RunState.COMPLETED, List.of(), BODY, null, null, false, Instant.now()));
                    default ->
                        store.record(
                                run,
                                new StepRecord(
                                        new StepKey("step-" + write),
                                        1,
                                        Instant.now(),
                                        Instant.now(),
                                        new StepRecord.Completed(
                                                BODY, "{\"headers\":{\"Content-Type\":\"application/json\"}}")));
                });
            } finally {
                delete(data);
            }
        }

        private Round measure(int seconds, Driver.Target target) throws IOException {
            Path probe = directory.resolve("sync");
            double before = SyncCost.medianMicros(probe);
            long begin = System.nanoTime();
            long until = begin + seconds * 1_000_000_000L;
            List<Driver> drivers = new ArrayList<>();
            for (int i = 0; i < CONCURRENT_RUNS; i++) {
                drivers.add(new Driver(target, pool, until));
            }
            drivers.forEach(Driver::begin);
            drivers.forEach(driver -> driver.ended.join());
            double elapsed = (System.nanoTime() - begin) / 1e9;
            long[] nanos = drivers.stream()
                    .flatMapToLong(driver -> Arrays.stream(driver.nanos, 0, driver.writes))
                    .sorted()
                    .toArray();
            long runs = drivers.stream().mapToLong(driver -> driver.runs).sum();
            return new Round(
                    runs / elapsed,
                    nanos[nanos.length / 2] / 1e6,
                    nanos[(int) (nanos.length * 0.99)] / 1e6,
                    before,
                    SyncCost.medianMicros(probe));
        }
    }

    /** One run after another, each write awaited before the next. Its fields are handed on with each continuation. */
    private static final class Driver {

        static final int LAST = 6;

        /** Makes one write of a run: 0 is its start, {@link #LAST} its end. */
        interface Target {
            CompletableFuture<?> write(String run, int write);
        }

        private final Target target;
        private final ExecutorService pool;
        private final long until;
        private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

        private long[] nanos = new long[16 * 1024];
        private int writes;
        private long runs;
        private String run = "";
        private int write = LAST;
        private long begun;

        Driver(Target target, ExecutorService pool, long until) {
            this.target = target;
            this.pool = pool;
            this.until = until;
        }

        void begin() {
            pool.execute(this::next);
        }

        private void next() {
            if (write == LAST) {
                if (System.nanoTime() >= until) {
                    ended.complete(true);
                    return;
                }
                run = UlidCreator.getMonotonicUlid().toString();
            }
            write = write == LAST ? 0 : write + 1;
            begun = System.nanoTime();
            target.write(run, write).whenCompleteAsync(this::written, pool);
        }

        private void written(Object answer, Throwable failure) {
            if (failure != null) {
                ended.completeExceptionally(failure);
                return;
            }
            if (writes == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * writes);
            }
            nanos[writes++] = System.nanoTime() - begun;
            if (write == LAST) {
                runs++;
            }
            next();
        }
    }

    private static void delete(Path directory) {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, java.io.IOException failure) throws IOException {
                    Files.delete(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
