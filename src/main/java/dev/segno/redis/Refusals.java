package dev.segno.redis;

import com.github.f4b6a3.ulid.UlidCreator;
import dev.segno.redis.EntryHandler.Settlement;
import dev.segno.run.StepError;
import dev.segno.trigger.RefusedMessage;
import dev.segno.trigger.RefusedMessages;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what is refused, and sends it again. Thread-safe. */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final Redis redis;
    private final RefusedMessages store;
    private final Clock clock;

    Refusals(Redis redis, RefusedMessages store, Clock clock) {
        this.redis = redis;
        this.store = store;
        this.clock = clock;
    }

    /** Completes when the entry is on disk and, where there is to be one, its copy in the dead-letter stream. */
    CompletableFuture<?> keep(StreamOptions options, StreamEntry entry, String step, Throwable cause) {
        StepError error = StepError.of(cause, null);
        RefusedMessage message = new RefusedMessage(
                UlidCreator.getMonotonicUlid().toString(),
                entry.stream(),
                options.group(),
                entry.id(),
                entry.fields(),
                entry.deliveries(),
                step,
                error.type(),
                error.message(),
                clock.instant(),
                0);
        LOG.warn(
                "Entry {} of {} is refused at {}, and is kept as the refused message {}: {}",
                entry.id(),
                options.name(),
                step,
                message.id(),
                error.message());
        CompletableFuture<Void> kept = store.add(message);
        String copies = options.deadLetter();
        return copies == null ? kept : kept.thenCompose(done -> redis.append(copies, copy(message)));
    }

    private static Map<String, String> copy(RefusedMessage message) {
        Map<String, String> fields = new LinkedHashMap<>(message.fields());
        fields.put("dead-letter-stream", message.source());
        fields.put("dead-letter-entry", message.messageId());
        fields.put("dead-letter-step", message.step());
        fields.put("dead-letter-cause", message.error());
        fields.put("dead-letter-deliveries", String.valueOf(message.deliveries()));
        return fields;
    }

    /** Handles a message once more; completes with why it is still there, or with nothing when it is done with. */
    CompletableFuture<Optional<String>> retry(RefusedMessage message, EntryHandler handler) {
        StreamEntry entry = new StreamEntry(message.source(), message.messageId(), message.fields(), 1);
        CompletableFuture<Settlement> handled;
        try {
            handled = handler.handle(entry);
        } catch (RuntimeException e) {
            handled = CompletableFuture.failedFuture(e);
        }
        return handled.exceptionally(error -> new Settlement.Failed("route", error))
                .thenCompose(settlement -> retried(message, settlement));
    }

    private CompletableFuture<Optional<String>> retried(RefusedMessage message, Settlement settlement) {
        if (settlement instanceof Settlement.Later later) {
            return CompletableFuture.completedFuture(Optional.of(later.why()));
        }
        if (settlement instanceof Settlement.Failed failure) {
            return refusedAgain(message, failure.step(), failure.cause());
        }
        if (settlement instanceof Settlement.Refused refusal) {
            return refusedAgain(message, refusal.step(), refusal.cause());
        }
        return store.remove(message.id()).thenApply(was -> Optional.empty());
    }

    private CompletableFuture<Optional<String>> refusedAgain(RefusedMessage message, String step, Throwable cause) {
        StepError error = StepError.of(cause, null);
        return store.update(message.refusedAgain(step, error.type(), error.message()))
                .thenApply(done -> Optional.of(error.message()));
    }
}
