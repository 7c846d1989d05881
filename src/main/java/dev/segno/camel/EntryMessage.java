package dev.segno.camel;

import dev.segno.redis.StreamEntry;
import dev.segno.security.IngressFilter;
import dev.segno.security.UntrustedJson;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a stream as a message. The field {@code payload} or {@code body} is its body, all other fields are headers as far as they are
 * admitted; without such a field the body is an object of all fields.
 */
final class EntryMessage {

    /** Header with the stream that the message came from. */
    static final String STREAM = "SegnoStream";

    /** Header with the entry's id. */
    static final String ENTRY_ID = "SegnoEntryId";

    private static final IngressFilter INGRESS = new IngressFilter();

    private EntryMessage() {}

    /**
     * Fills a message.
     *
     * @param text whether the body is taken as it is, and not as JSON
     * @throws dev.segno.security.ApiException when the body is no JSON
     */
    static void fill(Message message, StreamEntry entry, boolean text) {
        String field = entry.fields().containsKey("payload")
                ? "payload"
                : entry.fields().containsKey("body") ? "body" : null;
        Map<String, Object> all = new LinkedHashMap<>();
        entry.fields().forEach((name, value) -> {
            if (!name.equals(field) && !name.equals(StreamEntry.KEY)) {
                all.put(name, value);
                if (isHeader(name)) {
                    message.setHeader(name, value);
                }
            }
        });
        message.setHeader(STREAM, entry.stream());
        message.setHeader(ENTRY_ID, entry.id());
        message.setHeader(OrchestrationProducer.START_KEY, entry.startKey());
        message.setBody(field == null ? all : body(entry.fields().get(field), text));
    }

    private static @Nullable Object body(@Nullable String value, boolean text) {
        if (value == null || text) {
            return value;
        }
        return Json.plain(UntrustedJson.read(value.getBytes(StandardCharsets.UTF_8)));
    }

    /** What our own components say of a start must not come from outside either. */
    private static boolean isHeader(String name) {
        return INGRESS.admitsHeader(name) && !name.toLowerCase(Locale.ROOT).startsWith("segno");
    }
}
