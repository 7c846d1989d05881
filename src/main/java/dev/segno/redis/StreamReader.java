package dev.segno.redis;

import dev.segno.redis.StreamState.Loss;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a stream as a member of its consumer group, on a thread of its own, until it is closed. An entry is acknowledged when its
 * handler is done with it, or when it is kept as a refused message; whatever happens before leaves it with the group, and it comes
 * again. While Redis is down it waits; when the group is gone it is made anew, and the loss is told.
 */
final class StreamReader {
    private static final Logger LOG = LoggerFactory.getLogger(StreamReader.class);

    private static final Duration BLOCK = Duration.ofMillis(500);
    private static final Duration SHORTEST_REST = Duration.ofMillis(100);
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);
    private static final Duration TRIM_EACH = Duration.ofSeconds(10);
    private static final Duration LONGEST_PASS = Duration.ofSeconds(10);
    private static final int CLAIMED_AT_ONCE = 100;

    private final Redis redis;
    private final StreamOptions options;
    private final String owner;
    private final EntryHandler handler;
    private final Refusals refusals;
    private final Clock clock;
    private final Thread thread;
    private final AtomicLong settled = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    // Of the thread alone.
    private final Set<String> unacknowledged = new LinkedHashSet<>();
    private boolean known;
    private long nextPass;
    private long nextTrim;

    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean closing;
    private volatile @Nullable Batch batch;
    private volatile String status = "down";
    private volatile @Nullable String why;
    private final AtomicLong losses = new AtomicLong();
    private volatile @Nullable Loss lastLoss;
    private volatile String lastId = "0-0";

    StreamReader(
            Redis redis, StreamOptions options, String owner, EntryHandler handler, Refusals refusals, Clock clock) {
        this.redis = redis;
        this.options = options;
        this.owner = owner;
        this.handler = handler;
        this.refusals = refusals;
        this.clock = clock;
        this.thread = new Thread(this::work, "segno-stream-" + options.stream());
        this.thread.setDaemon(true);
    }

    void begin() {
        thread.start();
    }

    /** Takes no more; what is in hand comes to its end. */
    void stopReading() {
        closing = true;
        closed.countDown();
        Batch open = batch;
        if (open != null) {
            open.stopWaiting();
        }
    }

    /** Waits until what was in hand is settled. */
    void awaitEnd(Duration patience) throws InterruptedException {
        thread.join(patience.toMillis());
    }

    /** Entries whose handler is at work. */
    int inHand() {
        Batch open = batch;
        return open == null ? 0 : open.atWork();
    }

    StreamOptions options() {
        return options;
    }

    EntryHandler handler() {
        return handler;
    }

    StreamState state() {
        Batch open = batch;
        String waitsFor = open == null ? null : open.waitsFor();
        boolean waiting = status.equals("reading") && waitsFor != null;
        return new StreamState(
                options.stream(),
                options.group(),
                owner,
                closing ? "stopped" : waiting ? "waiting" : status,
                waiting ? waitsFor : why,
                settled.get(),
                refused.get(),
                failed.get(),
                losses.get(),
                lastLoss);
    }

    private void work() {
        Duration rest = SHORTEST_REST;
        while (!closing) {
            try (StreamLink link = new StreamLink(redis, options)) {
                rest = SHORTEST_REST;
                read(link);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (!closing) {
                    down(e);
                    if (!rested(rest)) {
                        return;
                    }
                    rest = longer(rest);
                }
            }
        }
    }

    /** Rests, unless it is closed; whether it goes on. */
    private boolean rested(Duration rest) {
        try {
            return !closed.await(rest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void down(RuntimeException e) {
        String what = String.valueOf(e.getMessage());
        if (!status.equals("down") || why == null) {
            LOG.warn("{} waits: {}", owner, what, e instanceof RedisFailure ? null : e);
        }
        why = what;
        status = "down";
    }

    private static Duration longer(Duration rest) {
        Duration next = rest.multipliedBy(2);
        return next.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : next;
    }

    private void read(StreamLink link) throws InterruptedException {
        makeGroup(link);
        if (status.equals("down") && why != null) {
            LOG.info("{} reads {} again", owner, options.name());
        }
        status = "reading";
        why = null;
        // What this node had in hand when it was ended or cut off is taken up at once.
        takeOver(link, true);
        while (!closing) {
            acknowledge(link);
            if (System.nanoTime() - nextPass >= 0) {
                takeOver(link, false);
            }
            List<StreamEntry> entries = next(link);
            if (!entries.isEmpty()) {
                lastId = entries.get(entries.size() - 1).id();
                settle(link, entries);
            }
            if (options.trim() != null && System.nanoTime() - nextTrim >= 0) {
                link.trim(options.trim());
                nextTrim = System.nanoTime() + TRIM_EACH.toNanos();
            }
        }
        acknowledge(link);
    }

    private List<StreamEntry> next(StreamLink link) throws InterruptedException {
        try {
            return link.read(options.batch(), shorter(BLOCK, pass()));
        } catch (RedisFailure e) {
            if (!e.isNoGroup()) {
                throw e;
            }
            makeGroup(link);
            return List.of();
        }
    }

    private void makeGroup(StreamLink link) throws InterruptedException {
        boolean made = link.makeGroup();
        if (made && known) {
            unacknowledged.clear();
            lost("was gone and was made anew");
        } else if (known && EntryIds.compare(link.lastDelivered(), lastId) < 0) {
            // What is read once more has the same keys, and finds its runs.
            lost("came back as it had been before");
        }
        known = true;
    }

    private void lost(String what) {
        losses.incrementAndGet();
        lastLoss = new Loss(clock.instant(), lastId);
        LOG.error(
                "Redis has lost data: {} {}. What was added behind entry {} and not read before may be gone; runs that had begun"
                        + " are not touched",
                options.name(),
                what,
                lastId);
        lastId = "0-0";
    }

    /**
     * Takes up what failed and has rested, and what other consumers have had in hand for too long.
     *
     * @param ownAtOnce whether all that this consumer has in hand is taken up, rested or not
     */
    private void takeOver(StreamLink link, boolean ownAtOnce) throws InterruptedException {
        Duration least = ownAtOnce ? Duration.ZERO : shorter(options.retryDelay(), options.claimIdle());
        List<StreamLink.Pending> due = link.pending(least).stream()
                .filter(one -> isDue(one, ownAtOnce))
                .toList();
        for (int from = 0; from < due.size() && !closing; from += CLAIMED_AT_ONCE) {
            List<StreamLink.Pending> some = due.subList(from, Math.min(from + CLAIMED_AT_ONCE, due.size()));
            long idleMillis = some.stream()
                    .mapToLong(StreamLink.Pending::idleMillis)
                    .min()
                    .orElse(0);
            List<StreamEntry> taken = link.claim(some, Duration.ofMillis(idleMillis));
            settle(link, taken);
        }
        nextPass = System.nanoTime() + pass().toNanos();
    }

    private boolean isDue(StreamLink.Pending one, boolean ownAtOnce) {
        if (unacknowledged.contains(one.id())) {
            return false;
        }
        boolean own = one.consumer().equals(options.consumer());
        Duration rest = own ? options.rest(one.deliveries()) : options.claimIdle();
        return (own && ownAtOnce) || one.idleMillis() >= rest.toMillis();
    }

    private Duration pass() {
        return shorter(LONGEST_PASS, shorter(options.retryDelay(), options.claimIdle()));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void settle(StreamLink link, List<StreamEntry> entries) throws InterruptedException {
        Batch open = new Batch(options, handler, refusals, entries);
        batch = open;
        if (closing) {
            open.stopWaiting();
        }
        try {
            open.run(ids -> keep(link, ids));
        } finally {
            batch = null;
            unacknowledged.addAll(open.settled());
            settled.addAndGet(open.settled().size());
            refused.addAndGet(open.refused());
            failed.addAndGet(open.failed());
        }
        acknowledge(link);
    }

    private static void keep(StreamLink link, Set<String> ids) throws InterruptedException {
        try {
            link.keep(ids);
        } catch (RedisFailure e) {
            // What is in hand is settled first; then the connection is made anew.
            LOG.debug("Redis was not told that entries are still in hand", e);
        }
    }

    private void acknowledge(StreamLink link) throws InterruptedException {
        if (!unacknowledged.isEmpty()) {
            link.acknowledge(unacknowledged);
            unacknowledged.clear();
        }
    }
}
