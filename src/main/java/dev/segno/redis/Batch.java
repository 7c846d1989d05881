package dev.segno.redis;

import dev.segno.redis.EntryHandler.Settlement;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entries that a reader has in hand. All are handled at the same time; one that nobody can take now is handled again after a
 * while, and the batch is open as long as that lasts: nothing more is read while nothing more can be taken.
 *
 * <p>Run by one thread; what it tells may be asked by others.
 */
final class Batch {
    private static final Logger LOG = LoggerFactory.getLogger(Batch.class);

    private final StreamOptions options;
    private final EntryHandler handler;
    private final Refusals refusals;
    private final Map<String, StreamEntry> open = new LinkedHashMap<>();
    /** When entries that nobody could take are handled again, in nanoseconds of the process. */
    private final Map<String, Long> resting = new LinkedHashMap<>();

    private final Set<String> settled = new HashSet<>();
    private final LinkedBlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private int refused;
    private int failed;
    private final AtomicInteger atWork = new AtomicInteger();
    private volatile boolean stopped;
    private volatile @Nullable String waitsFor;

    /** @param settlement null for a wake-up */
    private record Answer(
            @Nullable StreamEntry entry, @Nullable Settlement settlement, boolean kept) {
        private static final Answer WAKE_UP = new Answer(null, null, false);
    }

    /** Is told each now and then what is still in hand. */
    interface Keeper {
        void keep(Set<String> ids) throws InterruptedException;
    }

    Batch(StreamOptions options, EntryHandler handler, Refusals refusals, List<StreamEntry> entries) {
        this.options = options;
        this.handler = handler;
        this.refusals = refusals;
        entries.forEach(entry -> open.put(entry.id(), entry));
    }

    /** Returns when every entry is settled, or rests as one that failed; when it is stopped, those that wait rest too. */
    void run(Keeper keeper) throws InterruptedException {
        long keepEach = Math.max(1, options.claimIdle().toNanos() / 3);
        long nextKeep = System.nanoTime() + keepEach;
        List.copyOf(open.values()).forEach(this::begin);
        while (!open.isEmpty()) {
            if (stopped) {
                resting.keySet().forEach(open::remove);
                resting.clear();
                if (open.isEmpty()) {
                    return;
                }
            }
            long now = System.nanoTime();
            if (now - nextKeep >= 0) {
                keeper.keep(Set.copyOf(open.keySet()));
                nextKeep = now + keepEach;
            }
            handleRested(now);
            Answer answer = answers.poll(untilNext(nextKeep), TimeUnit.NANOSECONDS);
            if (answer != null && answer.entry() != null && answer.settlement() != null) {
                take(answer.entry(), answer.settlement(), answer.kept());
            }
        }
    }

    private long untilNext(long nextKeep) {
        long now = System.nanoTime();
        long until = nextKeep - now;
        for (long due : resting.values()) {
            until = Math.min(until, due - now);
        }
        return Math.max(until, 0);
    }

    private void handleRested(long now) {
        List<String> due = resting.entrySet().stream()
                .filter(rest -> now - rest.getValue() >= 0)
                .map(Map.Entry::getKey)
                .toList();
        for (String id : due) {
            resting.remove(id);
            StreamEntry entry = open.get(id);
            if (entry != null) {
                begin(entry);
            }
        }
    }

    private void begin(StreamEntry entry) {
        atWork.incrementAndGet();
        if (entry.deliveries() > options.maxDeliveries()) {
            // It may be what ended the process each time, so nobody is asked again.
            refuse(
                    entry,
                    "deliver",
                    new IllegalStateException("It was handed out " + (entry.deliveries() - 1)
                            + " times and never came to an end (maxDeliveries=" + options.maxDeliveries() + ")"));
            return;
        }
        try {
            handler.handle(entry).whenComplete((settlement, error) -> {
                Settlement answer = error == null ? settlement : new Settlement.Failed("route", error);
                answers.add(new Answer(entry, answer, false));
            });
        } catch (RuntimeException e) {
            answers.add(new Answer(entry, new Settlement.Failed("route", e), false));
        }
    }

    private void take(StreamEntry entry, Settlement settlement, boolean kept) {
        if (settlement instanceof Settlement.Refused refusal && !kept) {
            refuse(entry, refusal.step(), refusal.cause());
            return;
        }
        if (settlement instanceof Settlement.Failed failure && entry.deliveries() >= options.maxDeliveries()) {
            refuse(entry, failure.step(), failure.cause());
            return;
        }
        atWork.decrementAndGet();
        if (settlement instanceof Settlement.Later later) {
            waitsFor = later.why();
            resting.put(
                    entry.id(), System.nanoTime() + Math.max(1, later.delay().toNanos()));
            return;
        }
        open.remove(entry.id());
        waitsFor = resting.isEmpty() ? null : waitsFor;
        if (settlement instanceof Settlement.Failed failure) {
            failed++;
            LOG.info(
                    "Entry {} of {} failed at {} and is tried again: {}",
                    entry.id(),
                    options.name(),
                    failure.step(),
                    failure.cause().getMessage());
        } else {
            settled.add(entry.id());
            refused += kept ? 1 : 0;
        }
    }

    /** Settled when it is on disk; a store that cannot write is waited for. */
    private void refuse(StreamEntry entry, String step, Throwable cause) {
        refusals.keep(options, entry, step, cause).whenComplete((kept, error) -> {
            if (error == null) {
                answers.add(new Answer(entry, new Settlement.Refused(step, cause), true));
            } else {
                answers.add(new Answer(
                        entry,
                        new Settlement.Later(
                                Duration.ofSeconds(1), "a refused message cannot be recorded: " + error.getMessage()),
                        false));
            }
        });
    }

    /** What waits is left to the group from now on. */
    void stopWaiting() {
        stopped = true;
        answers.add(Answer.WAKE_UP);
    }

    int atWork() {
        return atWork.get();
    }

    @Nullable
    String waitsFor() {
        return waitsFor;
    }

    Set<String> settled() {
        return settled;
    }

    int refused() {
        return refused;
    }

    int failed() {
        return failed;
    }
}
