package dev.segno.shopping;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** At most so many messages of a user in any minute, counted in memory. Safe for use by many threads. */
final class RateLimit {

    private static final Duration WINDOW = Duration.ofMinutes(1);

    /** Users that are remembered; those who have been silent longest are forgotten first. */
    private static final int MOST_USERS = 100_000;

    private final int most;
    private final Clock clock;
    private final Map<String, Deque<Instant>> times = new LinkedHashMap<>(16, 0.75f, true);

    /** @param most 0 for any number */
    RateLimit(int most, Clock clock) {
        this.most = most;
        this.clock = clock;
    }

    /** Counts a message, unless there were too many: then the time after which the next one is taken. */
    synchronized Optional<Duration> take(String user) {
        if (most == 0) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Deque<Instant> ofUser = times.computeIfAbsent(user, unseen -> new ArrayDeque<>());
        while (!ofUser.isEmpty() && !ofUser.peekFirst().plus(WINDOW).isAfter(now)) {
            ofUser.removeFirst();
        }
        if (ofUser.size() >= most) {
            return Optional.of(Duration.between(now, ofUser.getFirst().plus(WINDOW)));
        }
        ofUser.addLast(now);
        forgetSilent();
        return Optional.empty();
    }

    private void forgetSilent() {
        Iterator<String> longestSilent = times.keySet().iterator();
        while (times.size() > MOST_USERS) {
            longestSilent.next();
            longestSilent.remove();
        }
    }
}
