package dev.segno.camel;

import dev.segno.redis.EntryHandler;
import dev.segno.redis.StreamEntry;
import dev.segno.redis.StreamOptions;
import dev.segno.redis.StreamReaders;
import dev.segno.run.InvalidStart;
import dev.segno.run.RunConflict;
import dev.segno.run.StoreUnavailable;
import dev.segno.run.UnknownOrchestration;
import dev.segno.security.ApiException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends an exchange into its route for each entry of a stream: with the entry as its body and headers, and with the start key of the run
 * that comes of it, so that an entry that comes twice finds its run. It reads while the route is started; when that is stopped,
 * it is suspended first, so that what is in the route comes to its end.
 */
final class RedisStreamConsumer extends DefaultConsumer implements EntryHandler, Suspendable {

    /** A singleton is under way, an orchestration is disabled, or the store cannot write: another look makes sense then. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private final StreamReaders readers;
    private final StreamOptions options;
    private final boolean text;
    private StreamReaders.@Nullable Registration registration;

    RedisStreamConsumer(
            Endpoint endpoint, Processor processor, StreamReaders readers, StreamOptions options, boolean text) {
        super(endpoint, processor);
        this.readers = readers;
        this.options = options;
        this.text = text;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        registration = readers.register(options, owner(), this);
    }

    @Override
    protected void doSuspend() throws Exception {
        StreamReaders.Registration mine = registration;
        if (mine != null) {
            mine.stopReading();
        }
        super.doSuspend();
    }

    @Override
    protected void doResume() throws Exception {
        leave();
        super.doResume();
        registration = readers.register(options, owner(), this);
    }

    @Override
    protected void doStop() throws Exception {
        leave();
        super.doStop();
    }

    private void leave() {
        StreamReaders.Registration mine = registration;
        registration = null;
        if (mine != null) {
            mine.close();
        }
    }

    /** The route without its version. */
    private String owner() {
        String id = getRoute().getRouteId();
        int at = id.indexOf(RouteVersions.AT);
        return "Route " + (at < 0 ? id : id.substring(0, at)) + " of "
                + getRoute().getGroup();
    }

    @Override
    public CompletableFuture<Settlement> handle(StreamEntry entry) {
        Exchange exchange = createExchange(false);
        try {
            EntryMessage.fill(exchange.getMessage(), entry, text);
        } catch (ApiException | IllegalArgumentException e) {
            releaseExchange(exchange, false);
            return CompletableFuture.completedFuture(new Settlement.Refused("read", e));
        }
        CompletableFuture<Settlement> settled = new CompletableFuture<>();
        getAsyncProcessor().process(exchange, doneSync -> {
            Throwable failure = exchange.getException();
            settled.complete(failure == null ? settlement(exchange.getMessage()) : settlement(failure));
            releaseExchange(exchange, false);
        });
        return settled;
    }

    private static Settlement settlement(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RunNotCompleted) {
                // The run has begun, and how it goes on is its own matter.
                return new Settlement.Done();
            }
            if (cause instanceof StoreUnavailable || cause instanceof RunConflict) {
                return new Settlement.Later(SOON, String.valueOf(cause.getMessage()));
            }
            if (cause instanceof RejectedExecutionException) {
                return new Settlement.Later(SOON, "its route is being stopped");
            }
            if (cause instanceof InvalidStart) {
                return new Settlement.Refused("start", cause);
            }
            if (cause instanceof UnknownOrchestration) {
                // Perhaps its file is being edited.
                return new Settlement.Failed("start", cause);
            }
        }
        return new Settlement.Failed("route", Failures.unwrap(failure));
    }

    private Settlement settlement(Message message) {
        String outcome = message.getHeader(OrchestrationProducer.OUTCOME, "", String.class);
        String runId = message.getHeader(OrchestrationProducer.RUN_ID, String.class);
        return switch (outcome) {
            case "busy" -> new Settlement.Later(SOON, "run " + runId + " is under way");
            case "throttled" ->
                new Settlement.Later(
                        Duration.ofSeconds(message.getHeader(OrchestrationProducer.RETRY_AFTER, 1L, Long.class)),
                        "the queue is full");
            case "conflict" ->
                new Settlement.Refused(
                        "start",
                        new RunConflict(
                                "Its key is that of run " + runId
                                        + ", which began with another body; a sender that means another message gives it another key"));
            default -> new Settlement.Done();
        };
    }
}
