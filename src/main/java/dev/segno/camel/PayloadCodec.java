package dev.segno.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.f4b6a3.ulid.UlidCreator;
import dev.segno.run.Edit;
import dev.segno.run.Payload;
import dev.segno.run.RunStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;
import org.jspecify.annotations.Nullable;

/**
 * Turns bodies into payloads and back: JSON, text, bytes and streams, each restored as what it was. Thread-safe.
 *
 * <p>What reads back differently than it was (a tree of Jackson's, a number of another type) is replaced in the message
 * when it is recorded, so that the first execution already sees what a replay will see.
 */
final class PayloadCodec {

    private final RunStore store;
    private final Executor blocking;
    private final long maxBytes;

    /**
     * @param blocking on which streams are read
     * @param maxBytes largest body that is recorded
     */
    PayloadCodec(RunStore store, Executor blocking, long maxBytes) {
        this.store = store;
        this.blocking = blocking;
        this.maxBytes = maxBytes;
    }

    /**
     * The body of the exchange's message as it is recorded. Fails with an {@link IllegalArgumentException} when it cannot
     * be, and with an {@link UncheckedIOException} when a stream broke off.
     */
    CompletableFuture<Payload> record(Exchange exchange, String runId) {
        Object body = exchange.getMessage().getBody();
        try {
            if (body instanceof RecordedStream recorded) {
                recorded.reset();
                return CompletableFuture.completedFuture(recorded.payload());
            }
            if (isStream(body)) {
                return CompletableFuture.supplyAsync(() -> recordStream(exchange, runId), blocking);
            }
            Payload.Inline payload = inline(body);
            if (payload.kind() == Payload.Kind.JSON && !Json.isPlain(body)) {
                exchange.getMessage().setBody(Json.read(payload.bytes()));
            }
            checkSize(payload.length());
            return CompletableFuture.completedFuture(payload);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** A body that is at hand as a whole; streams are read to their end. */
    Payload.Inline inlineOf(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (isStream(body)) {
            byte[] bytes = exchange.getMessage().getBody(byte[].class);
            checkSize(bytes == null ? 0 : bytes.length);
            return new Payload.Inline(Payload.Kind.STREAM, bytes == null ? new byte[0] : bytes);
        }
        Payload.Inline payload = inline(body);
        checkSize(payload.length());
        return payload;
    }

    /** Sets the body of the exchange's message to what was recorded. */
    void restore(Exchange exchange, Payload payload) {
        exchange.getMessage().setBody(value(payload));
    }

    /** Gives an exchange the input that somebody has edited. */
    void apply(Exchange exchange, List<Edit> edits) {
        for (Edit edit : edits) {
            Payload body = edit.body();
            if (body != null) {
                restore(exchange, body);
            }
            String variables = edit.variables();
            if (variables != null) {
                Json.readObject(variables).forEach((name, value) -> {
                    if (value == null) {
                        exchange.removeVariable(name);
                    } else {
                        exchange.setVariable(name, value);
                    }
                });
            }
        }
    }

    /** A recorded body as a route sees it. */
    @Nullable
    Object value(Payload payload) {
        return switch (payload.kind()) {
            case NONE -> null;
            case STREAM -> new RecordedStream(payload, () -> open(payload));
            case JSON -> Json.read(bytes(payload));
            case TEXT -> new String(bytes(payload), StandardCharsets.UTF_8);
            case BYTES -> bytes(payload);
        };
    }

    private InputStream open(Payload payload) {
        if (payload instanceof Payload.Inline inline) {
            return new ByteArrayInputStream(inline.bytes());
        }
        return store.openBlob(((Payload.Stored) payload).blobId());
    }

    private byte[] bytes(Payload payload) {
        if (payload instanceof Payload.Inline inline) {
            return inline.bytes();
        }
        try (InputStream in = open(payload)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("A recorded body cannot be read", e);
        }
    }

    private static boolean isStream(@Nullable Object body) {
        return body instanceof InputStream || body instanceof StreamCache || body instanceof WrappedFile;
    }

    private static Payload.Inline inline(@Nullable Object body) {
        if (body == null) {
            return (Payload.Inline) Payload.NONE;
        }
        if (body instanceof String text) {
            return new Payload.Inline(Payload.Kind.TEXT, text.getBytes(StandardCharsets.UTF_8));
        }
        if (body instanceof byte[] bytes) {
            return new Payload.Inline(Payload.Kind.BYTES, bytes);
        }
        if (body instanceof Map
                || body instanceof List
                || body instanceof Number
                || body instanceof Boolean
                || body instanceof JsonNode) {
            if (!Json.isWritable(body)) {
                throw new IllegalArgumentException(
                        "The body holds values that are not JSON and cannot be recorded: a map needs string keys, and"
                                + " its values must be strings, numbers, booleans, lists or maps");
            }
            return new Payload.Inline(Payload.Kind.JSON, Json.bytes(body));
        }
        throw new IllegalArgumentException("A body of class " + body.getClass().getName()
                + " cannot be recorded; end the step with JSON, text, bytes or a stream");
    }

    private Payload recordStream(Exchange exchange, String runId) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof StreamCache cache) {
            cache.reset();
        }
        try (InputStream in = exchange.getMessage().getMandatoryBody(InputStream.class)) {
            byte[] head = in.readNBytes(RunStore.INLINE_BYTES + 1);
            checkSize(head.length);
            Payload payload = head.length <= RunStore.INLINE_BYTES
                    ? new Payload.Inline(Payload.Kind.STREAM, head)
                    : recordPieces(runId, head, in);
            exchange.getMessage().setBody(new RecordedStream(payload, () -> open(payload)));
            return payload;
        } catch (IOException e) {
            throw new UncheckedIOException("The stream in the body broke off: " + e.getMessage(), e);
        } catch (InvalidPayloadException e) {
            throw new IllegalArgumentException("The stream in the body cannot be read: " + e.getMessage(), e);
        }
    }

    private Payload recordPieces(String runId, byte[] head, InputStream rest) throws IOException {
        String blobId = runId + "/stream/" + UlidCreator.getMonotonicUlid();
        byte[] piece = Arrays.copyOf(head, RunStore.BLOB_PIECE_BYTES);
        int filled = head.length + rest.readNBytes(piece, head.length, piece.length - head.length);
        long length = 0;
        for (int index = 0; filled > 0; index++) {
            length += filled;
            checkSize(length);
            // Awaited, so that a stream is never ahead of the disk by more than one piece.
            store.appendBlob(blobId, index, Arrays.copyOf(piece, filled)).join();
            filled = rest.readNBytes(piece, 0, piece.length);
        }
        return new Payload.Stored(Payload.Kind.STREAM, blobId, length);
    }

    /** Bytes that are no longer than the largest body that is recorded. */
    byte[] checked(byte[] bytes) {
        checkSize(bytes.length);
        return bytes;
    }

    private void checkSize(long bytes) {
        if (bytes > maxBytes) {
            throw new IllegalArgumentException("The body is larger than " + maxBytes
                    + " bytes, the most that is recorded (segno.journal.max-body); keep it elsewhere and record where");
        }
    }
}
