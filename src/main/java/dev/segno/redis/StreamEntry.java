package dev.segno.redis;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One entry of a stream.
 *
 * @param stream     in which it is
 * @param id         as the server gave it
 * @param fields     in their order; of a name that stands there twice the last
 * @param deliveries how often it was handed out, this time included; from 1
 */
public record StreamEntry(String stream, String id, Map<String, String> fields, long deliveries) {

    /** Field with a key that the sender chose: an entry that it sends twice is one. */
    public static final String KEY = "key";

    public StreamEntry {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** What tells this message from all others: {@code stream/key}, or {@code stream/id} where its sender gave no key. */
    public String startKey() {
        String key = fields.get(KEY);
        return stream + '/' + (key == null || key.isBlank() ? id : key);
    }

    StreamEntry delivered(long times) {
        return new StreamEntry(stream, id, fields, times);
    }
}
