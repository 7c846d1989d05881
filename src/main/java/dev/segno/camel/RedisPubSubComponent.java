package dev.segno.camel;

import dev.segno.redis.Redis;
import dev.segno.redis.Subscription;
import dev.segno.security.ApiException;
import dev.segno.security.UntrustedJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code redis-pubsub:CHANNEL}: as a consumer it gets what is published on a channel, or on all that a pattern with {@code *} names; as a
 * producer it publishes. At most once: what nobody hears, or what comes while all hands are full, is gone. What must not be lost comes
 * by {@code redis-stream:}.
 */
final class RedisPubSubComponent extends DefaultComponent {
    private static final Logger LOG = LoggerFactory.getLogger(RedisPubSubComponent.class);

    static final String SCHEME = "redis-pubsub";

    /** Header with the channel that the message came from. */
    private static final String CHANNEL = "SegnoChannel";

    /** More at a time are dropped. */
    private static final int MOST_AT_WORK = 1_000;

    private final @Nullable Redis redis;

    /** @param redis null where nobody listens: routes are loaded as ever, and nothing comes */
    RedisPubSubComponent(CamelContext context, @Nullable Redis redis) {
        super(context);
        this.redis = redis;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        String channel = remaining.replaceFirst("^//", "");
        if (channel.isBlank()) {
            throw new IllegalArgumentException("redis-pubsub: needs a channel, as in redis-pubsub:docs.stored");
        }
        if (!parameters.isEmpty()) {
            throw new IllegalArgumentException(
                    "redis-pubsub:" + channel + " does not know " + parameters.keySet() + "; it has no options");
        }
        return new PubSubEndpoint(uri, this, channel, redis);
    }

    private static final class PubSubEndpoint extends DefaultEndpoint {
        private final String channel;
        private final @Nullable Redis redis;

        PubSubEndpoint(String uri, RedisPubSubComponent component, String channel, @Nullable Redis redis) {
            super(uri, component);
            this.channel = channel;
            this.redis = redis;
        }

        @Override
        public Producer createProducer() {
            return RedisProducer.toChannel(this, redis == null ? Redis.off() : redis, channel);
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            return redis == null
                    ? new DefaultConsumer(this, processor)
                    : new PubSubConsumer(this, processor, redis, channel);
        }
    }

    private static final class PubSubConsumer extends DefaultConsumer {
        private final Redis redis;
        private final String channel;
        private final AtomicInteger atWork = new AtomicInteger();
        private @Nullable Subscription subscription;

        PubSubConsumer(Endpoint endpoint, Processor processor, Redis redis, String channel) {
            super(endpoint, processor);
            this.redis = redis;
            this.channel = channel;
        }

        @Override
        protected void doStart() throws Exception {
            super.doStart();
            subscription = Subscription.begin(redis, channel, this::take);
        }

        @Override
        protected void doStop() throws Exception {
            Subscription mine = subscription;
            subscription = null;
            if (mine != null) {
                mine.close();
            }
            super.doStop();
        }

        private void take(String from, String text) {
            if (atWork.incrementAndGet() > MOST_AT_WORK) {
                atWork.decrementAndGet();
                LOG.warn("A message of channel {} was dropped: {} others are being dealt with", from, MOST_AT_WORK);
                return;
            }
            Exchange exchange = createExchange(false);
            exchange.getMessage().setHeader(CHANNEL, from);
            exchange.getMessage().setBody(body(text));
            getAsyncProcessor().process(exchange, doneSync -> {
                atWork.decrementAndGet();
                Throwable failure = exchange.getException();
                if (failure != null) {
                    LOG.warn("A message of channel {} is lost: its route failed: {}", from, failure.getMessage());
                }
                releaseExchange(exchange, false);
            });
        }

        /** JSON as data, everything else as text. */
        private static @Nullable Object body(String text) {
            try {
                return Json.plain(UntrustedJson.read(text.getBytes(StandardCharsets.UTF_8)));
            } catch (ApiException e) {
                return text;
            }
        }
    }
}
