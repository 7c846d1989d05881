package dev.segno.store;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * CRC-32C over the values of a row, in a fixed order. SQLite keeps no checksums of its pages: without one of ours a
 * flipped bit on the disk would be replayed as a result. Not safe for use by several threads.
 */
final class Checksum {
    private final CRC32C crc = new CRC32C();

    Checksum text(@Nullable String value) {
        return bytes(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    Checksum bytes(byte @Nullable [] value) {
        if (value == null) {
            return number(-1);
        }
        number(value.length);
        crc.update(value);
        return this;
    }

    Checksum number(@Nullable Long value) {
        return value == null ? number(Long.MIN_VALUE) : number(value.longValue());
    }

    Checksum number(long value) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            crc.update((int) (value >>> shift));
        }
        return this;
    }

    /** From 0 to 2^32 - 1. */
    long value() {
        return crc.getValue();
    }
}
