package dev.segno.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * One round: the same job with and without a journal, one right after the other, and what the disk cost before, between
 * and after.
 */
record TwinRound(Half journaled, Half plain, double syncBefore, double syncBetween, double syncAfter) {

    /** One of the twins. */
    record Half(LoadClient.Result load, double cpuMillisPerRun) {

        static Half measure(BenchProcess segno, LoadClient client, String path, int connections, Duration duration) {
            Duration before = segno.cpuTime();
            LoadClient.Result load = client.run(path, connections, duration);
            Duration used = segno.cpuTime().minus(before);
            return new Half(load, used.toNanos() / 1e6 / Math.max(1, load.runs()));
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%,7.0f runs/s, p50 %.2f, p99 %.2f ms, CPU %.3f ms",
                    load.runsPerSecond(),
                    load.p50Ms(),
                    load.p99Ms(),
                    cpuMillisPerRun);
        }
    }

    /**
     * Measures both.
     *
     * @param journaledFirst which of them begins; alternated, so that neither has the better place
     * @param probe          a file on the disk of the journal
     */
    static TwinRound measure(
            BenchProcess segno,
            LoadClient client,
            String job,
            int connections,
            Duration duration,
            boolean journaledFirst,
            Path probe)
            throws IOException {
        String path = "/bench/" + job;
        double before = SyncCost.medianMicros(probe);
        Half first = Half.measure(segno, client, journaledFirst ? path : path + "-plain", connections, duration);
        double between = SyncCost.medianMicros(probe);
        Half second = Half.measure(segno, client, journaledFirst ? path + "-plain" : path, connections, duration);
        double after = SyncCost.medianMicros(probe);
        return new TwinRound(journaledFirst ? first : second, journaledFirst ? second : first, before, between, after);
    }

    double ratio() {
        return journaled.load().runsPerSecond() / plain.load().runsPerSecond();
    }

    boolean isSteady() {
        return SyncCost.isSteady(syncBefore, syncBetween, syncAfter);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "journaled %s | plain %s | ratio %.3f | sync %.0f, %.0f, %.0f µs%s",
                journaled,
                plain,
                ratio(),
                syncBefore,
                syncBetween,
                syncAfter,
                isSteady() ? "" : "  (thrown away: unsteady disk)");
    }
}
