package dev.segno.camel;

import dev.segno.redis.Redis;
import dev.segno.redis.StreamOptions;
import dev.segno.redis.StreamReaders;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * {@code redis-stream:STREAM?group=…}: as a consumer it reads the stream for a consumer group and acknowledges an entry when what it asked
 * for is on disk; as a producer it appends an entry.
 */
final class RedisStreamComponent extends DefaultComponent {

    static final String SCHEME = "redis-stream";

    static final String DEFAULT_GROUP = "segno";

    private static final int MOST_DELIVERIES = 1_000;

    private final @Nullable StreamReaders readers;
    private final String node;

    /**
     * @param readers null where nobody reads: routes are loaded as ever, and nothing comes
     * @param node    what this node is called in consumer groups
     */
    RedisStreamComponent(CamelContext context, @Nullable StreamReaders readers, String node) {
        super(context);
        this.readers = readers;
        this.node = node;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        String stream = remaining.replaceFirst("^//", "");
        if (stream.isBlank()) {
            throw new IllegalArgumentException("redis-stream: needs the stream's key, as in redis-stream:orders");
        }
        String group = getAndRemoveParameter(parameters, "group", String.class, DEFAULT_GROUP);
        String consumer = getAndRemoveParameter(parameters, "consumer", String.class, node);
        int batch = number(parameters, "batch", StreamOptions.DEFAULT_BATCH, StreamOptions.MAX_BATCH);
        int deliveries = number(parameters, "maxDeliveries", StreamOptions.DEFAULT_MAX_DELIVERIES, MOST_DELIVERIES);
        Duration claimIdle = duration(parameters, "claimIdle", StreamOptions.DEFAULT_CLAIM_IDLE);
        Duration retryDelay = duration(parameters, "retryDelay", StreamOptions.DEFAULT_RETRY_DELAY);
        Long trim = trim(getAndRemoveParameter(parameters, "trim", String.class, "none"));
        String deadLetter = getAndRemoveParameter(parameters, "deadLetter", String.class);
        boolean text = isText(getAndRemoveParameter(parameters, "body", String.class, "json"));
        if (!parameters.isEmpty()) {
            throw new IllegalArgumentException(
                    "redis-stream:" + stream + " does not know " + parameters.keySet()
                            + "; it takes group, consumer, batch, maxDeliveries, claimIdle, retryDelay, trim, deadLetter and body");
        }
        return new RedisStreamEndpoint(
                uri,
                this,
                new StreamOptions(stream, group, consumer, batch, deliveries, claimIdle, retryDelay, trim, deadLetter),
                text);
    }

    private int number(Map<String, Object> parameters, String name, int usual, int max) {
        String text = getAndRemoveParameter(parameters, name, String.class, String.valueOf(usual));
        if (text.matches("\\d{1,6}")) {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= max) {
                return number;
            }
        }
        throw wrong(name, text, "a whole number from 1 to " + max);
    }

    private Duration duration(Map<String, Object> parameters, String name, Duration usual) {
        String text = getAndRemoveParameter(parameters, name, String.class);
        if (text == null) {
            return usual;
        }
        Duration duration = getCamelContext().getTypeConverter().tryConvertTo(Duration.class, text);
        if (duration == null || duration.toMillis() < 1) {
            throw wrong(name, text, "a time such as 500ms, 30s or 5m");
        }
        return duration;
    }

    private static @Nullable Long trim(String text) {
        if (text.equals("none")) {
            return null;
        }
        if (text.equals("done")) {
            return 0L;
        }
        if (text.matches("\\d{1,15}")) {
            return Long.parseLong(text);
        }
        throw wrong(
                "trim",
                text,
                "none, done (entries that all groups are done with go) or the number of entries that stay at least");
    }

    private static boolean isText(String text) {
        if (text.equals("json") || text.equals("text")) {
            return text.equals("text");
        }
        throw wrong("body", text, "json or text");
    }

    private static IllegalArgumentException wrong(String name, String text, String instead) {
        return new IllegalArgumentException(
                "Option " + name + " of redis-stream: is '" + text + "'; it must be " + instead);
    }

    @Nullable
    StreamReaders readers() {
        return readers;
    }

    /** One stream. */
    static final class RedisStreamEndpoint extends DefaultEndpoint {
        private final StreamOptions options;
        private final boolean text;

        RedisStreamEndpoint(String uri, RedisStreamComponent component, StreamOptions options, boolean text) {
            super(uri, component);
            this.options = options;
            this.text = text;
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            StreamReaders readers = ((RedisStreamComponent) getComponent()).readers();
            return readers == null
                    ? new DefaultConsumer(this, processor)
                    : new RedisStreamConsumer(this, processor, readers, options, text);
        }

        @Override
        public Producer createProducer() {
            StreamReaders readers = ((RedisStreamComponent) getComponent()).readers();
            Redis redis = readers == null ? Redis.off() : readers.redis();
            return RedisProducer.toStream(this, redis, options.stream());
        }
    }
}
