package dev.segno.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The least that a durable journal has to do, as the measure for a real one: a file that grows, written by one thread,
 * one {@code fdatasync} for all that has gathered meanwhile. Safe for use by many threads.
 */
final class RawLog implements AutoCloseable {

    @SuppressWarnings("ArrayRecordComponent") // on its way to the disk, never compared
    private record Entry(byte[] bytes, CompletableFuture<Void> future) {}

    private final FileChannel file;
    private final Thread writer;
    private final Object lock = new Object();
    private List<Entry> queue = new ArrayList<>();
    private boolean closing;

    RawLog(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        writer = new Thread(this::work, "raw-log");
        writer.start();
    }

    CompletableFuture<Void> append(byte[] bytes) {
        Entry entry = new Entry(bytes, new CompletableFuture<>());
        synchronized (lock) {
            queue.add(entry);
            if (queue.size() == 1) {
                lock.notifyAll();
            }
        }
        return entry.future();
    }

    private void work() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1024 * 1024);
        try {
            for (List<Entry> batch = take(); !batch.isEmpty(); batch = take()) {
                buffer.clear();
                for (Entry entry : batch) {
                    buffer.putInt(entry.bytes().length).put(entry.bytes());
                }
                buffer.flip();
                while (buffer.hasRemaining()) {
                    file.write(buffer);
                }
                file.force(false);
                batch.forEach(entry -> entry.future().complete(done()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("NullAway") // the only value of Void
    private static Void done() {
        return null;
    }

    private List<Entry> take() throws InterruptedException {
        synchronized (lock) {
            while (queue.isEmpty() && !closing) {
                lock.wait();
            }
            List<Entry> batch = queue;
            queue = new ArrayList<>(batch.size() + 16);
            return batch;
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (lock) {
            closing = true;
            lock.notifyAll();
        }
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        file.close();
    }
}
