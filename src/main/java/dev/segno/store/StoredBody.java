package dev.segno.store;

import dev.segno.run.Payload;
import dev.segno.run.RunStore;
import org.jspecify.annotations.Nullable;

/**
 * A body as the columns of a row hold it.
 *
 * @param kind     name of its kind
 * @param bytes    the bytes in the row; {@code null} when they are in the blob table
 * @param blobId   the blob that has the bytes; {@code null} when they are in the row
 * @param length   in bytes
 * @param overflow bytes that have still to be written to the blob; {@code null} when there are none
 */
@SuppressWarnings("ArrayRecordComponent") // carries arrays from a payload to a statement; never compared
record StoredBody(
        String kind, byte @Nullable [] bytes, @Nullable String blobId, long length, byte @Nullable [] overflow) {

    /**
     * Decides where a body goes.
     *
     * @param inlineBytes longest body that stays in the row
     * @param ownBlobId   the blob that takes a longer one
     */
    static StoredBody of(Payload payload, int inlineBytes, String ownBlobId) {
        String kind = payload.kind().name();
        if (payload instanceof Payload.Inline inline) {
            byte[] bytes = inline.bytes();
            return bytes.length <= inlineBytes
                    ? new StoredBody(kind, bytes, null, bytes.length, null)
                    : new StoredBody(kind, null, ownBlobId, bytes.length, bytes);
        }
        Payload.Stored stored = (Payload.Stored) payload;
        return new StoredBody(kind, null, stored.blobId(), stored.length(), null);
    }

    /** How many bytes of a body still have to be written; those of a blob are on disk already. */
    static long bytesToWrite(@Nullable Payload payload) {
        return payload instanceof Payload.Inline inline ? inline.bytes().length : 0;
    }

    /** Number of pieces that {@link #overflow} makes. */
    static int pieces(byte[] overflow) {
        return (overflow.length + RunStore.BLOB_PIECE_BYTES - 1) / RunStore.BLOB_PIECE_BYTES;
    }

    Payload toPayload() throws UnreadableRow {
        Payload.Kind known = UnreadableRow.constant(Payload.Kind.class, kind);
        if (blobId != null) {
            return new Payload.Stored(known, blobId, length);
        }
        return new Payload.Inline(known, bytes == null ? new byte[0] : bytes);
    }

    /** Adds everything but the bytes. */
    void addTo(Checksum checksum) {
        checksum.text(kind).text(blobId).number(length);
    }
}
