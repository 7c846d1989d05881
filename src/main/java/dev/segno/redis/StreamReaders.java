package dev.segno.redis;

import dev.segno.run.RunConflict;
import dev.segno.trigger.RefusedMessage;
import dev.segno.trigger.RefusedMessages;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All streams that this node reads, and the messages that were refused there. Thread-safe.
 *
 * <p>What is registered before {@link #begin} waits for that, so that nothing comes in before all that it could be for is loaded.
 */
public final class StreamReaders implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamReaders.class);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Redis redis;
    private final RefusedMessages refused;
    private final Refusals refusals;
    private final Clock clock;
    private final Map<String, StreamReader> readers = new LinkedHashMap<>();
    private boolean begun;

    public StreamReaders(Redis redis, RefusedMessages refused, Clock clock) {
        this.redis = redis;
        this.refused = refused;
        this.refusals = new Refusals(redis, refused, clock);
        this.clock = clock;
    }

    /** One that reads, until it is closed. */
    public interface Registration extends AutoCloseable {

        /** Takes no more; what is in hand comes to its end. */
        void stopReading();

        /** Entries in hand. */
        int inHand();

        /** Stops reading, and waits a while for what is in hand. */
        @Override
        void close();
    }

    /**
     * Reads a stream. Without Redis nothing comes, and the log says so.
     *
     * @param owner who reads, for people
     * @throws IllegalStateException when somebody reads the stream for the same group already
     */
    public synchronized Registration register(StreamOptions options, String owner, EntryHandler handler) {
        if (readers.containsKey(options.name())) {
            throw new IllegalStateException("Stream " + options.name()
                    + " is read on this node already; give each reader a group of its own, or let one route do it");
        }
        StreamReader reader = new StreamReader(redis, options, owner, handler, refusals, clock);
        readers.put(options.name(), reader);
        if (!redis.isConfigured()) {
            LOG.warn("{} gets nothing. {}", owner, new RedisOff("Stream " + options.stream()).getMessage());
        } else if (begun) {
            reader.begin();
        }
        return new Reading(reader);
    }

    private final class Reading implements Registration {
        private final StreamReader reader;

        Reading(StreamReader reader) {
            this.reader = reader;
        }

        @Override
        public void stopReading() {
            reader.stopReading();
        }

        @Override
        public int inHand() {
            return reader.inHand();
        }

        @Override
        public void close() {
            end(reader);
        }
    }

    private void end(StreamReader reader) {
        reader.stopReading();
        try {
            reader.awaitEnd(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            readers.remove(reader.options().name(), reader);
        }
    }

    /** Lets all that is registered, and all that will be, read. */
    public synchronized void begin() {
        if (!begun && redis.isConfigured()) {
            readers.values().forEach(StreamReader::begin);
        }
        begun = true;
    }

    /** The server that the streams are on. */
    public Redis redis() {
        return redis;
    }

    /** How each reading goes. */
    public List<StreamState> states() {
        return readers().stream()
                .map(reader ->
                        redis.isConfigured() ? reader.state() : reader.state().off())
                .toList();
    }

    private synchronized List<StreamReader> readers() {
        return List.copyOf(readers.values());
    }

    /** The messages that were refused. */
    public RefusedMessages refused() {
        return refused;
    }

    /**
     * Handles a refused message once more, by whoever reads its stream for its group now; Redis itself is not needed.
     *
     * @return completes with why it is still refused, or with nothing when it is done with; fails with {@link RunConflict} when nobody
     *     reads its stream
     */
    public CompletableFuture<Optional<String>> retry(RefusedMessage message) {
        Optional<StreamReader> reader = readers().stream()
                .filter(one -> one.options().stream().equals(message.source())
                        && one.options().group().equals(message.reader()))
                .findFirst();
        if (reader.isEmpty()) {
            return CompletableFuture.failedFuture(new RunConflict("Nobody reads stream " + message.source() + " (group "
                    + message.reader() + ") on this node; load the route that does, then send the message again"));
        }
        return refusals.retry(message, reader.get().handler());
    }

    /** Ends all reading; what is in hand comes to its end first. */
    @Override
    public void close() {
        List<StreamReader> all = new ArrayList<>(readers());
        all.forEach(StreamReader::stopReading);
        all.forEach(this::end);
    }
}
