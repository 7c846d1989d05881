package dev.segno.shopping;

import com.fasterxml.jackson.databind.JsonNode;

/** A table of somebody else that gets copies. Safe for use by many threads. */
public interface CopyTable {

    /**
     * Writes an item over the one with the same {@code pk} and {@code sk}, unless that has a later {@code updated_at}.
     * Blocks; throws an unchecked exception when it cannot be written, so that the step tries again.
     *
     * @param item a JSON object
     */
    void put(JsonNode item);
}
