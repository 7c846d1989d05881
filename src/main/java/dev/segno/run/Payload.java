package dev.segno.run;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A body as it is recorded: what kind it was, and its bytes, either at hand or in the blob table.
 *
 * <p>Immutable by agreement: nobody writes to an array once it is in a payload.
 */
public sealed interface Payload {

    /** No body at all. */
    Payload NONE = new Inline(Kind.NONE, new byte[0]);

    /** What a recorded body is restored as. The names are stored; they must not change. */
    enum Kind {
        /** No body: {@code null}. */
        NONE,
        /** Maps, lists, numbers, booleans and strings inside them, as UTF-8 JSON. */
        JSON,
        /** A string, as UTF-8. */
        TEXT,
        /** A byte array. */
        BYTES,
        /** A stream that can be read again from its start. */
        STREAM
    }

    Kind kind();

    /** Number of bytes. */
    long length();

    /**
     * Bytes at hand.
     *
     * @param bytes shared, not copied: a journal of large records must not double its memory
     */
    @SuppressWarnings("ArrayRecordComponent") // equality is defined below; a copy per body would be waste
    record Inline(Kind kind, byte[] bytes) implements Payload {
        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Inline that && kind == that.kind && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Objects.hash(kind, Arrays.hashCode(bytes));
        }

        @Override
        public String toString() {
            return "Inline[" + kind + ", " + bytes.length + " bytes]";
        }
    }

    /**
     * Bytes in the blob table, in pieces of at most {@link RunStore#BLOB_PIECE_BYTES}.
     *
     * @param blobId names the blob; unique in a store
     * @param length in bytes
     */
    record Stored(Kind kind, String blobId, long length) implements Payload {}
}
