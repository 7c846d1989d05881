package dev.segno.telemetry;

import java.util.Arrays;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** How often values fell between fixed bounds, and their sum. Recording takes no lock. Thread-safe. */
final class Distribution {

    private static final double[] SECONDS = {
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200
    };

    /** Powers of two. */
    private static final double[] COUNTS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};

    private final double[] bounds;
    private final LongAdder[] counts;
    private final DoubleAdder sum = new DoubleAdder();

    private Distribution(double[] bounds) {
        this.bounds = bounds;
        this.counts = new LongAdder[bounds.length + 1];
        Arrays.setAll(counts, index -> new LongAdder());
    }

    /** Of times in seconds, from a millisecond to two hours. */
    static Distribution ofSeconds() {
        return new Distribution(SECONDS);
    }

    /** Of numbers of things. */
    static Distribution ofCounts() {
        return new Distribution(COUNTS);
    }

    void record(double value) {
        int index = 0;
        while (index < bounds.length && value > bounds[index]) {
            index++;
        }
        counts[index].increment();
        sum.add(value);
    }

    /** Upper bounds, the last one infinite. */
    double[] bounds() {
        double[] all = Arrays.copyOf(bounds, bounds.length + 1);
        all[bounds.length] = Double.POSITIVE_INFINITY;
        return all;
    }

    /** How many values fell under each bound, and under none before it. */
    long[] counts() {
        return Arrays.stream(counts).mapToLong(LongAdder::sum).toArray();
    }

    double sum() {
        return sum.sum();
    }
}
