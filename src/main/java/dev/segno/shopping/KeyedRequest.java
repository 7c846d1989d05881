package dev.segno.shopping;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request that came with a key, so that the same one again gets the same reply.
 *
 * @param key             user and key
 * @param fingerprint     of what was asked
 * @param clarificationId the question that it answered; null when it began a turn
 * @param reply           the first reply, as JSON; null as long as there is none
 */
public record KeyedRequest(
        String key,
        String sessionId,
        String fingerprint,
        @Nullable String clarificationId,
        @Nullable String reply,
        Instant at) {

    KeyedRequest replied(String first) {
        return new KeyedRequest(key, sessionId, fingerprint, clarificationId, first, at);
    }
}
