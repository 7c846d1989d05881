package dev.segno.store;

import dev.segno.event.EventQuery;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which events are meant, as a condition on rows. The text is the same whatever the query holds, so that it is prepared once;
 * lists are handed over as JSON.
 *
 * @param query what is asked
 */
record EventCondition(EventQuery query) {

    static final String SQL = """
        (?1 IS NULL OR correlation_id = ?1)
        AND (?2 IS NULL OR source_service = ?2)
        AND (?3 IS NULL OR type IN (SELECT value FROM json_each(?3)))
        AND (?4 IS NULL OR event_id IN (SELECT value FROM json_each(?4)))
        AND published_at >= ?5 AND published_at <= ?6
        """;

    BoundStatement bind(BoundStatement statement) throws SQLException {
        return statement
                .text(query.correlationId().orElse(null))
                .text(query.sourceService().orElse(null))
                .text(list(query.types()))
                .text(list(query.ids()))
                .number(query.since().map(EventCondition::micros).orElse(Long.MIN_VALUE))
                .number(query.until().map(EventCondition::micros).orElse(Long.MAX_VALUE));
    }

    private static Long micros(Instant time) {
        return Times.micros(time);
    }

    /** A list of texts as JSON; nothing for an empty one. */
    private static @Nullable String list(List<String> texts) {
        if (texts.isEmpty()) {
            return null;
        }
        StringBuilder json = new StringBuilder("[");
        for (String text : texts) {
            json.append(json.length() > 1 ? ",\"" : "\"");
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '"' || c == '\\' || c < ' ') {
                    json.append(String.format("\\u%04x", (int) c));
                } else {
                    json.append(c);
                }
            }
            json.append('"');
        }
        return json.append(']').toString();
    }
}
