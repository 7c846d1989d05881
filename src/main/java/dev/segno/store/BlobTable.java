package dev.segno.store;

import dev.segno.run.RunStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;

/** Writes bodies in pieces. Used by the writer's thread alone. */
final class BlobTable {

    private final BoundStatement insert;

    BlobTable(Connection connection) throws SQLException {
        insert = new BoundStatement(connection, """
                INSERT INTO blob (blob_id, piece, piece_check, data)
                SELECT ?1, ?2, ?3, ?4
                WHERE ?2 = 0 OR EXISTS (SELECT 1 FROM blob WHERE blob_id = ?1 AND piece = ?2 - 1)
                ON CONFLICT DO NOTHING
                """);
    }

    static Checksum checksum(String blobId, long piece, byte[] bytes) {
        return new Checksum().text(blobId).number(piece).bytes(bytes);
    }

    /** @throws IllegalArgumentException when the piece is there already or the one before it is not */
    void append(String blobId, int piece, byte[] bytes) throws SQLException {
        int inserted = insert.begin()
                .text(blobId)
                .number(piece)
                .number(checksum(blobId, piece, bytes).value())
                .bytes(bytes)
                .update();
        if (inserted == 0) {
            throw new IllegalArgumentException("Piece " + piece + " does not continue blob " + blobId);
        }
    }

    /** Writes what does not fit into a row, after the row itself is in. */
    void appendOverflow(StoredBody body) throws SQLException, Write.Undo {
        byte[] bytes = body.overflow();
        String blobId = body.blobId();
        if (bytes == null || blobId == null) {
            return;
        }
        try {
            for (int piece = 0; piece < StoredBody.pieces(bytes); piece++) {
                int from = piece * RunStore.BLOB_PIECE_BYTES;
                int to = Math.min(bytes.length, from + RunStore.BLOB_PIECE_BYTES);
                append(blobId, piece, Arrays.copyOfRange(bytes, from, to));
            }
        } catch (IllegalArgumentException e) {
            throw new Write.Undo(e);
        }
    }
}
