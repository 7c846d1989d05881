package dev.segno.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** What the disk asks for one synced overwrite of 4 KiB: the unit in which journals pay. */
final class SyncCost {

    private static final int BLOCK_BYTES = 4096;
    private static final int BLOCKS = 256;
    private static final int SAMPLES = 1_000;

    /** A round is thrown away when the cost moved by more than this factor meanwhile. */
    private static final double MOST_MOVEMENT = 1.5;

    private SyncCost() {}

    /** Whether the costs before, during and after a round are near enough to each other for the round to count. */
    static boolean isSteady(double... micros) {
        return Arrays.stream(micros).max().orElse(0)
                <= MOST_MOVEMENT * Arrays.stream(micros).min().orElse(0);
    }

    /** Median of a thousand, in microseconds. */
    static double medianMicros(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
            for (int i = 0; i < BLOCKS; i++) {
                channel.write(block.clear(), (long) i * BLOCK_BYTES);
            }
            channel.force(true);
            long[] nanos = new long[SAMPLES];
            for (int i = 0; i < SAMPLES; i++) {
                long begin = System.nanoTime();
                channel.write(block.clear(), (long) (i % BLOCKS) * BLOCK_BYTES);
                channel.force(false);
                nanos[i] = System.nanoTime() - begin;
            }
            Arrays.sort(nanos);
            return nanos[SAMPLES / 2] / 1_000.0;
        }
    }
}
