package dev.segno.client;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a run.
 *
 * @param type {@code step} for each record, {@code run} when its state or attributes change, {@code end} when it has ended
 *             or stands
 * @param id   of a record, by which a follower goes on behind it; null for other events
 * @param data as the API's document has it
 */
public record RunEvent(String type, @Nullable String id, JsonNode data) {}
