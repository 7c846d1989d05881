package dev.segno.camel;

import dev.segno.run.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.jspecify.annotations.Nullable;

/** A recorded stream: read from the journal, from its start as often as wanted. Not thread-safe; copies are. */
final class RecordedStream extends InputStream implements StreamCache {

    private final Payload payload;
    private final Supplier<InputStream> source;
    private @Nullable InputStream open;
    private long position;

    RecordedStream(Payload payload, Supplier<InputStream> source) {
        this.payload = payload;
        this.source = source;
    }

    Payload payload() {
        return payload;
    }

    @Override
    public int read() throws IOException {
        int read = opened().read();
        position += read < 0 ? 0 : 1;
        return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = opened().read(buffer, offset, length);
        position += Math.max(read, 0);
        return read;
    }

    @Override
    public synchronized void reset() {
        position = 0;
        close();
    }

    @Override
    public void close() {
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                open = null;
            }
        }
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try (InputStream in = source.get()) {
            in.transferTo(out);
        }
    }

    @Override
    public StreamCache copy(Exchange exchange) {
        return new RecordedStream(payload, source);
    }

    @Override
    public boolean inMemory() {
        return payload instanceof Payload.Inline;
    }

    @Override
    public long length() {
        return payload.length();
    }

    @Override
    public long position() {
        return position;
    }

    private InputStream opened() {
        if (open == null) {
            open = source.get();
        }
        return open;
    }
}
