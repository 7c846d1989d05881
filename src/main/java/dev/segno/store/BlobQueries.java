package dev.segno.store;

import dev.segno.run.StoreUnavailable;
import dev.segno.store.ReadConnections.Reader;
import java.io.InputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads bodies in pieces. Safe for use by many threads; a stream is for one thread. */
final class BlobQueries {

    private static final String PIECE = "SELECT piece_check, data FROM blob WHERE blob_id = ? AND piece = ?";

    private final ReadConnections connections;

    BlobQueries(ReadConnections connections) {
        this.connections = connections;
    }

    /** @throws StoreUnavailable when there is no such blob */
    InputStream open(String blobId) {
        return new BlobStream(blobId, required(blobId));
    }

    private byte[] required(String blobId) {
        return connections.read("Blob " + blobId, reader -> piece(reader, blobId, 0));
    }

    byte[] piece(Reader reader, String blobId, int piece) throws SQLException, UnreadableRow {
        return pieceIfAny(reader, blobId, piece).orElseThrow(() -> new UnreadableRow("it is not in the store"));
    }

    private static Optional<byte[]> pieceIfAny(Reader reader, String blobId, int piece)
            throws SQLException, UnreadableRow {
        try (ResultSet result = reader.prepare(PIECE).text(blobId).number(piece).query()) {
            Row row = new Row(result);
            if (!row.next()) {
                return Optional.empty();
            }
            long check = row.number();
            byte[] data = row.bytesOrNull();
            byte[] bytes = data == null ? new byte[0] : data;
            UnreadableRow.requireChecksum(check, BlobTable.checksum(blobId, piece, bytes), "piece " + piece);
            return Optional.of(bytes);
        }
    }

    /** One piece in memory at a time, and no connection between two of them. */
    private final class BlobStream extends InputStream {
        private final String blobId;
        private byte @Nullable [] current;
        private int piece;
        private int position;

        BlobStream(String blobId, byte[] first) {
            this.blobId = blobId;
            this.current = first;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (length == 0) {
                return 0;
            }
            byte[] bytes = current;
            while (bytes != null && position == bytes.length) {
                piece++;
                position = 0;
                bytes = connections
                        .read("Blob " + blobId, reader -> pieceIfAny(reader, blobId, piece))
                        .orElse(null);
                current = bytes;
            }
            if (bytes == null) {
                return -1;
            }
            int count = Math.min(length, bytes.length - position);
            System.arraycopy(bytes, position, target, offset, count);
            position += count;
            return count;
        }
    }
}
