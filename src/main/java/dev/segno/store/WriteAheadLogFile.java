package dev.segno.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file of the write-ahead log, made as long as it will get before the database is opened: to sync an overwritten
 * block costs half of what it costs to sync a file that grows.
 *
 * <p>Zeros are no log: SQLite ignores a log whose header has not its magic number, and stops at the first frame that
 * has not the header's salt, so zeros may stand in an empty log and behind the frames of one that a crash has left.
 */
final class WriteAheadLogFile {

    private static final int HEADER_BYTES = 32;
    private static final int FRAME_HEADER_BYTES = 24;
    private static final int CHUNK_BYTES = 1024 * 1024;

    private WriteAheadLogFile() {}

    /** Fills the file up. No connection may be open: closing a file gives up the locks that SQLite has on it. */
    static void prewarm(Path file, int pages) throws IOException {
        long target = HEADER_BYTES + (long) pages * (FRAME_HEADER_BYTES + StoreSettings.PAGE_BYTES);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK_BYTES);
            for (long position = channel.size(); position < target; ) {
                zeros.clear().limit((int) Math.min(CHUNK_BYTES, target - position));
                position += channel.write(zeros, position);
            }
            channel.force(true);
        }
    }
}
