package dev.segno.redis;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the reading of a stream goes.
 *
 * @param stream   its key
 * @param group    consumer group
 * @param owner    who reads it: the route, or the signals
 * @param status   {@code off} without Redis, {@code stopped}, {@code down} while Redis cannot be reached, {@code waiting} while
 *     nobody takes what is in hand, otherwise {@code reading}
 * @param why      what it waits for, or why Redis cannot be reached
 * @param settled  entries acknowledged since the start, those that were refused included
 * @param refused  entries refused since the start
 * @param failed   tries that failed and come again
 * @param losses   how often the group was gone, or came back as it had been before; what had not been read then is lost, or comes
 *     again
 * @param lastLoss when that was noticed last, and what is known of it
 */
public record StreamState(
        String stream,
        String group,
        String owner,
        String status,
        @Nullable String why,
        long settled,
        long refused,
        long failed,
        long losses,
        @Nullable Loss lastLoss) {

    StreamState off() {
        String reason = new RedisOff("Stream " + stream).getMessage();
        return new StreamState(stream, group, owner, "off", reason, settled, refused, failed, losses, lastLoss);
    }

    /**
     * Redis has forgotten.
     *
     * @param at     when it was noticed
     * @param lastId last entry that had been read
     */
    public record Loss(Instant at, String lastId) {}
}
