package dev.segno.editing;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a file's content is told by.
 *
 * @param hex SHA-256 of its bytes, in hexadecimal
 */
public record Fingerprint(String hex) {

    static Fingerprint of(byte[] bytes) {
        try {
            return new Fingerprint(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** As a strong entity tag of HTTP, with its quotation marks. */
    public String etag() {
        return '"' + hex + '"';
    }
}
