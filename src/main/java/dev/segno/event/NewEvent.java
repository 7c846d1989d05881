package dev.segno.event;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event that is about to be published.
 *
 * @param id      of its own; made when it is empty
 * @param channel where; its type when it is empty
 * @param payload as JSON
 */
public record NewEvent(
        Optional<String> id,
        String type,
        Optional<String> channel,
        Map<String, @Nullable Object> payload,
        Event.Priority priority,
        Optional<String> correlationId,
        Optional<String> traceId,
        String sourceService) {}
