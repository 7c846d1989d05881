package dev.segno.shopping;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * Something that the user is told while a turn goes on.
 *
 * @param sequence place in the session, from 1
 * @param type     the word of the socket's protocol, as {@code progress}
 */
public record SessionEvent(String sessionId, long sequence, String type, JsonNode data, Instant at) {}
