package dev.segno.shopping;

import dev.segno.control.Settings;
import java.time.Duration;
import java.util.Map;

/**
 * What can be set, in the words of the contract.
 *
 * @param sessionTtl       how long a session is kept that nobody says anything in
 * @param maxQuestions     questions in a turn
 * @param waitLimit        how long a request waits for the end of its turn
 * @param ratePerMinute    messages of a user in a minute, 0 for any number
 * @param turns            turns that go on at once
 * @param sockets          open sockets
 * @param heartbeat        between two pings of a socket
 */
public record ShoppingSettings(
        Duration sessionTtl,
        int maxQuestions,
        Duration waitLimit,
        int ratePerMinute,
        int turns,
        int sockets,
        Duration heartbeat) {

    /** The contract's own values. */
    public static final ShoppingSettings DEFAULT = from(Settings.of(Map.of()));

    /** @throws dev.segno.control.SettingsException when one has another form */
    public static ShoppingSettings from(Settings settings) {
        return new ShoppingSettings(
                Duration.ofHours(settings.integer("SESSION_TTL_HOURS", 24, 1, 24 * 365)),
                settings.integer("MAX_CLARIFICATION_LOOPS", 2, 0, 10),
                settings.duration("WAIT_LIMIT", Duration.ofSeconds(25)),
                settings.integer("RATE_LIMIT_PER_USER", 10, 0, 1_000_000),
                settings.integer("MAX_CONCURRENT_GRAPH_EXECUTIONS", 100, 1, 100_000),
                settings.integer("WS_MAX_CONCURRENT", 1000, 1, 1_000_000),
                settings.duration("WS_HEARTBEAT_INTERVAL", Duration.ofSeconds(30)));
    }
}
