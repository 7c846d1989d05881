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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/**
 * The work of a journal without the rest of an engine: 64 concurrent runs, seven awaited writes each (the run's row,
 * five steps, the end), records of about 300 bytes, each continued on a pool as the engine does.
 */
record JournalLoad(Path directory, ExecutorService pool) {

    static final int CONCURRENT_RUNS = 64;

    private static final byte[] RECORD = ("{\"text\":\"" + "x".repeat(288) + "\"}").getBytes(StandardCharsets.UTF_8);
    private static final Payload BODY = new Payload.Inline(
            Payload.Kind.JSON, ("{\"text\":\"" + "x".repeat(188) + "\"}").getBytes(StandardCharsets.UTF_8));

    /** What a round came to. */
    record Round(double runsPerSecond, double p50Ms, double p99Ms, double syncBefore, double syncAfter) {
        boolean isSteady() {
            return SyncCost.isSteady(syncBefore, syncAfter);
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

    /** A round on a raw append log. */
    Round log(int seconds) throws IOException {
        Path file = Files.createTempFile(directory, "raw", ".log");
        Files.delete(file);
        try (RawLog log = new RawLog(file)) {
            return measure(seconds, (run, write) -> log.append(RECORD));
        } finally {
            Files.delete(file);
        }
    }

    /** A round on a new embedded store. */
    Round store(int seconds) throws IOException {
        try (BenchDirectory data = BenchDirectory.in(directory, "store");
                RunStore store = SqliteRunStore.open(data.path())) {
            return measure(seconds, (run, write) -> switch (write) {
                case 0 ->
                    store.start(new NewRun(
                            run, "five-step", "v1", RunState.RUNNING, BODY, null, null, null, null, Instant.now()));
                case Driver.LAST ->
                    store.change(new StateChange(
                            run, 0, RunState.COMPLETED, List.of(), BODY, null, null, false, Instant.now()));
                default -> store.record(run, step(write));
            });
        }
    }

    /** What one awaited record costs when nobody else writes: the median of a thousand, in microseconds. */
    double awaitedRecordMicros() throws IOException {
        int warmUp = 2_000;
        long[] nanos = new long[1_000];
        try (BenchDirectory data = BenchDirectory.in(directory, "store");
                RunStore store = SqliteRunStore.open(data.path())) {
            String run = UlidCreator.getMonotonicUlid().toString();
            store.start(new NewRun(
                            run, "five-step", "v1", RunState.RUNNING, BODY, null, null, null, null, Instant.now()))
                    .join();
            for (int i = 0; i < warmUp + nanos.length; i++) {
                long begin = System.nanoTime();
                store.record(run, step(i)).join();
                if (i >= warmUp) {
                    nanos[i - warmUp] = System.nanoTime() - begin;
                }
            }
        }
        Arrays.sort(nanos);
        return nanos[nanos.length / 2] / 1e3;
    }

    private static StepRecord step(int number) {
        return new StepRecord(
                new StepKey("step-" + number),
                1,
                Instant.now(),
                Instant.now(),
                new StepRecord.Completed(BODY, "{\"headers\":{\"Content-Type\":\"application/json\"}}"));
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
        Latencies latencies = new Latencies();
        drivers.forEach(driver -> latencies.addAll(driver.latencies));
        long runs = drivers.stream().mapToLong(driver -> driver.runs).sum();
        return new Round(
                runs / elapsed,
                latencies.percentileMs(50),
                latencies.percentileMs(99),
                before,
                SyncCost.medianMicros(probe));
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
        private final Latencies latencies = new Latencies();

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
            latencies.add(System.nanoTime() - begun);
            if (write == LAST) {
                runs++;
            }
            next();
        }
    }
}
