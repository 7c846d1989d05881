package dev.segno.bench;

import java.util.Arrays;

/** Every latency of a round, kept as it is, so that no percentile is an estimate. Not thread-safe. */
final class Latencies {

    private long[] nanos = new long[16 * 1024];
    private int size;

    void add(long latencyNanos) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * size);
        }
        nanos[size++] = latencyNanos;
    }

    void addAll(Latencies others) {
        for (int i = 0; i < others.size; i++) {
            add(others.nanos[i]);
        }
    }

    /** The latency that {@code percent} of them stay below, in milliseconds; 0 when there are none. */
    double percentileMs(double percent) {
        Arrays.sort(nanos, 0, size);
        return size == 0 ? 0 : nanos[Math.min(size - 1, (int) (size * percent / 100))] / 1e6;
    }
}
